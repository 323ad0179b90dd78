import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { synthesize } from "../../lib/drill/synthesis.ts";
import { empty, foreign, inJsonPath, type Make, withBundle } from "./assemblies.ts";
import { HARBOUR, sla } from "./sla.ts";

const directory = mkdtempSync(join(tmpdir(), "bad-input-"));
const BROKEN = join(directory, "broken.yaml");
const PROMISING = join(directory, "promising.yaml");
const PLAIN_FILE = join(directory, "plain-file");
let real = "";

beforeAll(async () => {
  const fleet = readFileSync(HARBOUR, "utf8");
  writeFileSync(BROKEN, fleet.replace("control:", "controll:").replace("ttl: 60", "ttl: soon"));
  writeFileSync(PROMISING, fleet.replace("rtoSeconds: 3h", "rtoSeconds: 30m"));
  writeFileSync(PLAIN_FILE, "in the way\n");
  real = (await synthesize(HARBOUR)).directory;
});
afterAll(() => rmSync(directory, { recursive: true }));

const drill = (...args: readonly string[]) => sla("drill", "--out", directory, ...args);

const TABLE: readonly [string, number, RegExp, readonly string[]][] = [
  ["an unknown fault", 2, /--fault: there is no 'flood'; .*kill.*all$/, ["--fault", "flood"]],
  ["an unknown instance", 2, /has no 'heron'; it has tern, gull/, ["--instance", "heron"]],
  ["an unknown service", 2, /--without: expected route53.*, got .rds.$/, ["--without", "rds"]],
  [
    "a run that proves nothing",
    2,
    /flap without sns proves nothing for tern: nobody/,
    ["--fault", "flap", "--without", "sns"],
  ],
  [
    "a drill that is another on resuming",
    2,
    /--resume: .* leave --fleet away$/,
    ["--resume", directory],
  ],
  [
    "a way back from where nobody goes",
    2,
    /--there-and-back: nothing is failed over in this drill of .*; try --fault kill/,
    ["--there-and-back", "--fault", "app-down"],
  ],
  ["a pace of 0", 2, /--pace: expected a number from 1 to 600, got '0'/, ["--pace", "0"]],
  ["a pace in words", 2, /--pace: .*got 'abc'/, ["--pace", "abc"]],
  ["no run at all", 2, /--runs: .*got '0'/, ["--runs", "0"]],
  ["half a run", 2, /--runs: .*got '1.5'/, ["--runs", "1.5"]],
  [
    "a fleet file that is missing",
    2,
    /no-such\.yaml.*(no such file|does not exist|cannot be read)/i,
    ["--fleet", "no-such.yaml"],
  ],
  [
    "a fleet that cannot keep its promise",
    1,
    /promising\.yaml:\d+:\d+ .*gull.*30m/,
    ["--fleet", PROMISING],
  ],
  [
    "a cdk.out that is missing",
    2,
    /no-such: there is no manifest\.json/,
    ["--assembly", "no-such"],
  ],
  [
    "a place for reports below a file",
    2,
    /--out: cannot write to .*ENOTDIR/,
    ["--out", join(PLAIN_FILE, "reports")],
  ],
];

describe("sla drill, given what it cannot work with", () => {
  it.for(TABLE)("refuses %s in one line", { timeout: 60_000 }, async ([, code, line, args]) => {
    const { exitCode, stdout, stderr, left } = await drill("--fleet", HARBOUR, ...args);
    expect(oneLine(stderr)).toMatch(line);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
    expect(left).toEqual({ processes: [], directories: [] });
  });

  it("tells every mistake of a broken fleet file at once, each with its place", async () => {
    const { exitCode, stderr } = await drill("--fleet", BROKEN);
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+ .*controll.*control/);
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+ .*ttl.*soon/);
    expect(stderr).not.toMatch(STACK);
    expect(exitCode).toBe(2);
  });
});

describe("sla month and sla report, given what they cannot work with", () => {
  it.for<[string, RegExp, readonly string[]]>([
    [
      "nothing on standard input",
      /standard input is empty: expected a JSON array like/,
      ["month", "--month", "2025-10", "--timezone", "UTC"],
    ],
    ["no month", /required option '--month <month>' not specified/, ["month"]],
    [
      "a place without a ledger",
      /--ledger: there is no rounds\/ or seals\/ in 'docs'.*; copy a ledger with: aws s3 sync/,
      ["report", "--month", "2025-10", "--fleet", HARBOUR, "--ledger", "docs"],
    ],
  ])("refuse %s", { timeout: 60_000 }, async ([, line, args]) => {
    const { exitCode, stdout, stderr } = await sla(...args);
    expect(stderr).toMatch(line);
    expect(stderr).not.toMatch(STACK);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});

const ASSEMBLIES: readonly [string, RegExp, Make][] = [
  ["an empty directory", /there is no manifest\.json; run cdk synth first/, empty],
  ["another app's cdk.out", /no stack is named like .*found: Shop/, foreign],
  ["a state machine in JSONPath", /StateMachine\).*JSONPath/, inJsonPath],
  [
    "a bundle that throws when it is loaded",
    /sla-watch in \S+ does not start: Error: no luck/,
    withBundle("sla-watch", "throw new Error('no luck');\n"),
  ],
  [
    "a bundle that exits when it is loaded",
    /sla-beat in \S+ does not start: .*exit status 3/,
    withBundle("sla-beat", "process.exit(3);\n"),
  ],
];

describe("sla drill --assembly", () => {
  it.for(ASSEMBLIES)("refuses %s in one line", { timeout: 90_000 }, async ([what, line, make]) => {
    const assembly = join(directory, what.replaceAll(/\W/g, "-"));
    make(assembly, real);
    const { exitCode, stderr, left } = await drill(
      "--json",
      "--fleet",
      HARBOUR,
      "--assembly",
      assembly,
    );
    expect(lastLine(stderr)).toMatch(line);
    expect(stderr).not.toMatch(STACK);
    expect(exitCode).toBe(2);
    expect(left).toEqual({ processes: [], directories: [] });
  });
});

const STACK = /^\s+at /m;

function oneLine(stderr: string): string {
  const lines = stderr.trim().split("\n");
  expect(lines, stderr).toHaveLength(1);
  return stderr.trim();
}

/** Above it there may be progress. */
const lastLine = (stderr: string) => stderr.trim().split("\n").at(-1);
