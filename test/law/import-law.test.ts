import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const FORBIDDEN = [
  ["lib/sla", "../fleet/parse.ts", "lib/sla is pure"],
  ["lib/sla", "@aws-sdk/client-rds", "lib/sla is pure"],
  ["lib/sla", "node:fs", "lib/sla is pure"],
  ["lib/sla/backups/check-", "./calendar.ts", "shares no code"],
  ["lib/sla/backups/check-", "./schedule.ts", "shares no code"],
  ["lib/sla/backups/check-", "../period-hours.ts", "shares no code"],
  ["lib/sla/backups/check-", "@aws-sdk/client-rds", "shares no code"],
  ["functions/watch", "@aws-sdk/client-rds", "Pure module"],
  ["functions/watch", "../aws/clients.ts", "Pure module"],
  ["functions/watch", "aws-cdk-lib", "Pure module"],
  ["functions/watch", "../../lib/infra/site-stack.ts", "see lib/sla only"],
  ["functions/status", "../../lib/page/drawing.ts", "see lib/sla only"],
  ["functions/watch", "../probe/probe.ts", "only its contracts"],
  ["functions/kernel", "../watch/contract.ts", "kernel stays small"],
  ["functions/aws", "aws-cdk-lib", "sees CDK"],
  ["functions/aws", "../../lib/fleet/parse.ts", "see lib/sla only"],
  ["lib/infra", "../../functions/watch/watch.ts", "contracts only"],
  ["lib/infra", "../local-cloud/cloud.ts", "neither drill nor local cloud"],
  ["lib/operator", "../infra/site-stack.ts", "knows a deployed fleet"],
  ["lib/operator", "../local-cloud/cloud.ts", "knows a deployed fleet"],
  ["lib/books", "node:fs", "that somebody hands over"],
  ["lib/books", "../operator/access.ts", "that somebody hands over"],
  ["lib/report", "node:fs", "reads nothing"],
  ["lib/report", "../cli/say.ts", "reads nothing"],
  ["lib/local-cloud", "../../functions/watch/contract.ts", "knows nothing of the product"],
  ["lib/local-cloud", "aws-cdk-lib", "knows nothing of the product"],
] as const;

const ALLOWED = [
  ["lib/sla/backups/check-", "../plan.ts"],
  ["lib/sla/backups/check-", "./local-days.ts"],
  ["lib/sla", "./plan.ts"],
  ["functions/watch", "../probe/contract.ts"],
  ["functions/watch", "../kernel/clock.ts"],
  ["functions/watch", "../ledger/ledger.ts"],
  ["functions/watch", "../../lib/sla/plan.ts"],
  ["functions/status", "../../lib/page/html.ts"],
  ["functions/aws", "@aws-sdk/client-rds"],
  ["functions/aws", "../watch/inventory.ts"],
  ["lib/infra", "../../functions/watch/contract.ts"],
  ["lib/operator", "../../functions/aws/s3-ledger.ts"],
  ["lib/books", "../../functions/report/answering.ts"],
  ["lib/report", "../page/html.ts"],
] as const;

const CLOCKS = [
  ["lib/sla", "Date.now()"],
  ["lib/sla", "new Date()"],
  ["lib/sla", "Math.random()"],
  ["lib/report", "Date.now()"],
  ["functions/watch", "Date.now()"],
  ["functions/failover", "performance.now()"],
] as const;

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

let directory = "";
let diagnostics: readonly Diagnostic[] = [];

/** A tree with nothing but the linter's rules and planted files, linted once. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "import-law-"));
  await cp(join(ROOT, "biome.json"), join(directory, "biome.json"));
  await cp(join(ROOT, "tools"), join(directory, "tools"), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
  const imports = [...FORBIDDEN, ...ALLOWED].map(([room, from]) => [
    planted(room, from),
    `import { x } from "${from}";\nexport const y = x;\n`,
  ]);
  const clocks = CLOCKS.map(([room, call]) => [planted(room, call), `export const x = ${call};\n`]);
  const instant = [
    planted("lib/sla", "instant"),
    "export const x = (ms: number) => new Date(ms);\n",
  ];
  for (const [file = "", content = ""] of [...imports, ...clocks, instant]) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), content);
  }
  diagnostics = await lint();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A room is a folder, or what the names of files begin with. */
const planted = (room: string, what: string) =>
  `${room}${room.endsWith("-") ? "" : "/"}planted-${what.replace(/[^a-z]+/gi, "-")}.ts`;

const said = (room: string, what: string) =>
  diagnostics
    .filter(({ location }) => location.path === planted(room, what))
    .map(({ message }) => message)
    .join("\n");

async function lint(): Promise<readonly Diagnostic[]> {
  const options = ["lint", "--reporter=json", "--max-diagnostics=none", "."];
  const child = spawn(join(ROOT, "node_modules/.bin/biome"), options, { cwd: directory });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await new Promise((done) => child.once("close", done));
  return JSON.parse(out).diagnostics;
}

describe("the import law", () => {
  test.for(FORBIDDEN)("%s may not import %s", ([room, from, objection]) => {
    expect(said(room, from)).toContain(objection);
  });

  test.for(ALLOWED)("%s may import %s", ([room, from]) => {
    expect(said(room, from)).toBe("");
  });
});

describe("the law of no hidden clock", () => {
  test.for(CLOCKS)("%s may not call %s", ([room, call]) => {
    expect(said(room, call)).toContain("Hidden input");
  });

  test("an instant that is passed in is not hidden", () => {
    expect(said("lib/sla", "instant")).toBe("");
  });
});
