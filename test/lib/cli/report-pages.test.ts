import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { register } from "../../../lib/cli/report.ts";
import { shelvesFor } from "../../../lib/cli/report-shelves.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const directory = mkdtempSync(join(tmpdir(), "report-pages-"));
const inHere = (...parts: readonly string[]) => join(directory, ...parts);
afterAll(() => rmSync(directory, { recursive: true }));

function put(site: string, key: string, value: unknown): void {
  const path = inHere("ledger", site, key);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
}

const AT = "2026-10-05T10:00:00.000Z";
put("eu-west-1", "rounds/2026-10-05/100000-s00.json.gz", {
  ...{ shard: "s00", site: "eu-west-1", scheduledTime: AT },
  looks: [
    {
      slot: AT,
      instances: {
        acme: { epoch: 1, verdict: "down", votes: { a: "bad", b: "bad" }, database: "unknown" },
        birch: { epoch: 1, verdict: "up", votes: { a: "good", b: "good" }, database: "unknown" },
      },
    },
  ],
});
put("eu-west-1", "incidents/acme/1.json", { instance: "acme", incident: "1", firstBadAt: AT });

describe("sla report --html", () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(process.stdout, "write").mockImplementation((part) => printed.push(String(part)) > 0);
    vi.setSystemTime(NOW);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  async function report(...argv: readonly string[]): Promise<string> {
    const program = new Command("sla")
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    register(program);
    const fleet = ["--fleet", inHere("fleet.yaml"), "--ledger", inHere("ledger")];
    await program.parseAsync(["node", "sla", "report", "--month", "2026-10", ...fleet, ...argv]);
    return printed.splice(0).join("").trimEnd();
  }

  const example = readFileSync("examples/fleet.yaml", "utf8");
  const zone = "timezone: Europe/Zurich";
  writeFileSync(
    inHere("fleet.yaml"),
    example
      .replace(zone, `${zone}\n  language: de`)
      .replace("contacts: [it@birch.example]", "contacts: [it@birch.example]\n    language: sv"),
  );

  it("writes a page for each instance in its language, and one of all of them", async () => {
    const lines = await report("--html", inHere("pages"));
    expect(lines).toMatch(/^acme \(mintsys\): /m);
    expect(readdirSync(inHere("pages"))).toEqual(
      ["acme", "birch", "cedar", "index"].map((id) => `${id}.html`),
    );
    const languages = ["acme", "birch", "index"].map(
      (id) => /<html lang="(..)"/.exec(readFileSync(inHere("pages", `${id}.html`), "utf8"))?.[1],
    );
    expect(languages).toEqual(["de", "sv", "de"]);
    expect(readFileSync(inHere("pages/acme.html"), "utf8")).toContain("incidents/<wbr>acme/");
  });

  it("warns of a copy that is not of a whole ledger, where more than rounds is told", async () => {
    const warn = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const isPart = /^sla: .*ledger\/eu-west-1 is no whole ledger: incidents, backups/;
    const told = () => warn.mock.calls.filter(([line]) => isPart.test(String(line)));
    await report("--csv");
    expect(told()).toEqual([]);
    await report("--json");
    expect(told()).toHaveLength(1);
    put("eu-west-1", "roles/acme.json", {});
    await report("--json");
    expect(told()).toHaveLength(1);
  });

  it("names sites of the fleet that no copy is of, and reads what another one keeps", async () => {
    const warn = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const site = "eu-central-1";
    const rollUp = {
      ...{ day: "2026-10-05", site, shard: "s00", records: [] },
      evidence: { rounds: 1, unreadable: [], misplaced: [], fromTheFuture: [] },
      instances: { birch: { everySeconds: 60, minutes: "600-7d" } },
    };
    const sum = createHash("sha256").update(JSON.stringify(rollUp)).digest("hex");
    const seal = { day: "2026-10-05", site, rollUps: { s00: sum }, previous: null };
    put("eu-west-1", `mirrors/${site}/days/2026-10-05/s00.json.gz`, rollUp);
    put("eu-west-1", `mirrors/${site}/seals/2026-10-05.json`, seal);
    const lines = await report();
    expect(lines).toMatch(/^birch .*\n(?:.+\n)*? {2}minutes +0 up, 7 down/m);
    const own = warn.mock.calls
      .map(([line]) => String(line))
      .filter((line) => /no copy/.test(line));
    expect(own.toSorted()).toEqual([
      expect.stringMatching(/^sla: eu-central-1 is .* up to 2026-10-05, are read in eu-west-1; /),
      expect.stringMatching(/^sla: eu-central-2 is .*: what it alone saw is not counted$/),
    ]);
    rmSync(inHere("ledger/eu-west-1/mirrors"), { recursive: true });
  });

  it("writes the same bytes again, from another place and at another time", async () => {
    const pages = () =>
      readdirSync(inHere("pages")).map((file) => readFileSync(inHere("pages", file), "utf8"));
    await report("--html", inHere("pages"));
    const before = pages();
    vi.setSystemTime(NOW + 86_400_000);
    await report("--html", inHere("pages"));
    expect(pages()).toEqual(before);
  });

  it.each([
    ["acme", ["--instance", "acme"]],
    ["index", []],
  ] as const)("says on the page of %s the hash of what %j --json prints", async (id, argv) => {
    await report("--html", inHere("pages"));
    const json = await report(...argv, "--json");
    const hash = createHash("sha256").update(`${json}\n`).digest("hex");
    expect(readFileSync(inHere("pages", `${id}.html`), "utf8")).toContain(hash);
  });

  it("writes one file of one instance, in another language, beside JSON", async () => {
    const file = inHere("one.html");
    const json = await report("--instance", "acme", "--html", file, "--language", "id", "--json");
    expect(JSON.parse(json).instances[0].incidents).toHaveLength(1);
    expect(readFileSync(file, "utf8")).toContain('<html lang="id" dir="ltr">');
  });

  it.each([
    [
      ["--html", inHere("fleet.yaml")],
      /^--html: cannot write '.*': it is a file; name a directory$/,
    ],
    [
      ["--instance", "acme", "--html", inHere("ledger")],
      /^--html: cannot write '.*': it is a directory; name a file in it$/,
    ],
    [["--language", "de"], /^--language: only pages have one; say where they go with --html$/],
    [["--html", "x", "--language", "it"], /Allowed choices are en, de, fr, nl, sv, es, id/],
  ] as const)("refuses %j in one line", async (argv, message) => {
    await expect(report(...argv)).rejects.toThrow(message);
  });

  it("tells no month of a lost region but its figures", () => {
    const shelf = new MemoryLedger("eu-west-1");
    const lost = [{ site: "eu-central-2", shelf, readIn: "eu-west-1" }];
    const warn = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(shelvesFor({}, lost)).toEqual([shelf]);
    expect(warn).toHaveBeenCalledOnce();
    for (const asked of [{ json: true }, { html: "pages" }] as const) {
      expect(() => shelvesFor(asked, lost)).toThrow(
        /^eu-central-2 does not answer: eu-west-1 keeps/,
      );
    }
  });
});
