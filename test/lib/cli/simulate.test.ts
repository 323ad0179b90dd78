import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { register } from "../../../lib/cli/simulate.ts";
import { UserError } from "../../../lib/cli/user-error.ts";

const directory = mkdtempSync(join(tmpdir(), "simulate-"));
afterAll(() => rmSync(directory, { recursive: true }));

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function simulate(...argv: string[]): Promise<number> {
  const program = new Command("sla").exitOverride();
  register(program);
  await program.parseAsync(["node", "sla", "simulate", ...argv]);
  return Number(process.exitCode ?? 0);
}

const YEAR = ["--from", "2025-11-03", "--days", "400"] as const;

describe("sla simulate", () => {
  it("shows what is kept, day by day, in at most 80 columns", async () => {
    expect(await simulate("--plan", "mintsys", ...YEAR)).toBe(0);
    expect(printed.filter((line) => line.length > 80)).toEqual([]);
    const text = printed.join("\n");
    expect(text).toMatch(/^ {2}2026-12 #######$/m);
    expect(text).toMatch(/^ {2}✓ count +14 at least \(margin 0\), \d{4}-\d\d-\d\d$/m);
    expect(text).toMatch(/^ {2}✓ newest +24 h 15 old at most \(margin 1 h 00\), /m);
    expect(text).toContain("OK: the promise is kept all the time.");
  });

  it("exits 1 where a day is missed: that day and the newest one break unavoidably, nothing else", async () => {
    expect(await simulate("--plan", "mintsys", ...YEAR, "--miss", "2026-10-02", "--json")).toBe(1);
    const { promise, plan, timezone, peak, oldestDays } = JSON.parse(printed.join(""));
    expect({ plan, timezone }).toEqual({ plan: "mintsys", timezone: "UTC" });
    expect(promise.violations).toEqual([
      {
        from: "2026-10-02T05:15:00.000Z",
        to: "2026-10-03T00:15:00.000Z",
        clause: "newest",
        avoidable: false,
        detail: "older than 25 h 15 min",
      },
      {
        from: "2026-10-03T00:00:00.000Z",
        to: "2026-10-10T00:00:00.000Z",
        clause: "days",
        avoidable: false,
        detail: "day 2026-10-02: 0 of 1",
      },
    ]);
    expect(promise.clauses.filter(({ ok }: { ok: boolean }) => !ok)).toHaveLength(2);
    expect(peak).toBeLessThanOrEqual(17);
    expect(oldestDays).toBeGreaterThanOrEqual(90);
  });

  it("gives a reason for each backup that stays and each that goes", async () => {
    await simulate("--plan", "odoo", ...YEAR, "--json");
    const { backups } = JSON.parse(printed.join(""));
    expect(backups).toHaveLength(400);
    const gone = backups.filter(({ removedAt }: { removedAt: string | null }) => removedAt);
    expect(gone.length).toBe(400 - 15);
    for (const { removedBecause, keptBecause } of backups) {
      expect(keptBecause.length).toBeGreaterThan(0);
      expect([null, expect.stringMatching(/^(week|month|older)/)]).toContainEqual(removedBecause);
    }
  });

  it("estimates what the backups take in each place, and what that costs", async () => {
    const args = ["--instance", "cedar", "--fleet", "examples/fleet.yaml", ...YEAR];
    await simulate(...args, "--size", "100", "--daily-change", "1");
    const text = printed.join("\n");
    expect(text).toMatch(/Estimated for a database of 100 GB of which 1\.0 GB change a day/);
    expect(text).toMatch(/^ {4}eu-central-1, snapshots +2\d\d GB +\$2\d\.\d\d a month$/m);
    expect(text).toMatch(/^ {4}frozen, eu-west-1, frozen dumps +1800 GB +\$7\.20 a month$/m);
    expect(text).toMatch(/^ {4}sent between regions +60 GB +\$1\.20 a month$/m);
    expect(text).toMatch(/Not\s+subtracted:\s+RDS\s+stores\s+for\s+nothing/);
    expect(printed.filter((line) => line.length > 80)).toEqual([]);
    printed.length = 0;
    await simulate(...args, "--json");
    const { storage } = JSON.parse(printed.join(""));
    expect(storage).toMatchObject({ isEstimate: true, sizeGb: 20, dailyChangeGb: 0.4 });
    expect(storage.places).toHaveLength(4);
    expect(storage.prices.asOf).toMatch(/^\d{4}-\d\d$/);
  });

  it("writes a page beside what it prints, and refuses where it cannot", async () => {
    const file = join(directory, "page.html");
    expect(await simulate("--plan", "odoo", ...YEAR, "--html", file, "--json")).toBe(0);
    expect(JSON.parse(printed.join("")).plan).toBe("odoo");
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>\n[\s\S]*Which backups odoo holds/);
    for (const [path, why] of [
      [join(directory, "none", "page.html"), "there is no such directory"],
      [directory, "it is a directory; name a file in it"],
    ] as const) {
      const refused = await simulate("--plan", "odoo", ...YEAR, "--html", path).catch((it) => it);
      expect(refused).toMatchObject({
        exitCode: 2,
        message: `--html: cannot write '${path}': ${why}`,
      });
    }
  });

  it("simulates a plan that nobody was sold yet", async () => {
    const path = join(directory, "new.yaml");
    const gold = "gold: { extends: odoo, backups: { rotation: { count: 20 } } }";
    const example = readFileSync("examples/fleet.yaml", "utf8");
    writeFileSync(path, `plans: { ${gold} }\n${example}`);
    expect(await simulate("--fleet", path, "--plan", "gold", ...YEAR)).toBe(0);
    expect(printed.join("\n")).toMatch(/^gold, .*Europe\/Zurich\n[\s\S]*✓ count +20 at least/);
  });

  it("takes the plan of an instance, in its provider's zone", async () => {
    const args = ["--fleet", "examples/fleet.yaml", "--instance", "acme"] as const;
    expect(await simulate(...args, "--from", "2026-01-01", "--days", "200")).toBe(0);
    expect(printed[0]).toBe("mintsys, 2026-01-01 to 2026-07-19, Europe/Zurich");
  });

  it("holds each of several schedules for its own time", async () => {
    expect(
      await simulate("--plan", "cloudpepper-high", "--from", "2026-01-01", "--days", "90"),
    ).toBe(0);
    expect(printed.join("\n")).toMatch(/✓ hourly.*\n.*✓ daily.*\n.*✓ monthly/);
  });

  it("holds the newest so many of a schedule, and says where one of them was made up late", async () => {
    const path = join(directory, "counted.yaml");
    const schedules = "[{ every: 6h, keepNewest: 8 }, { every: 1d, keepNewest: 5 }]";
    const plans = `plans: { counted: { extends: mintsys, backups: { schedules: ${schedules}, rotation: null } } }`;
    const example = readFileSync("examples/fleet.yaml", "utf8");
    writeFileSync(path, `${plans}\n${example.replace("plan: mintsys", "plan: counted")}`);
    const args = ["--fleet", path, "--instance", "acme", "--from", "2026-03-01", "--days", "60"];
    expect(await simulate(...args)).toBe(0);
    expect(printed.join("\n")).toMatch(/✓ every 6h +all there, 2026-03-01\n.*✓ daily/);
    expect(printed.join("\n")).toMatch(/ 13 backups at the end, 13 at most/);
    printed.length = 0;
    expect(await simulate(...args, "--miss", "2026-04-10", "--json")).toBe(1);
    const { promise } = JSON.parse(printed.join(""));
    const daily = promise.violations.filter(({ clause }: { clause: string }) => clause === "daily");
    expect(daily).toEqual([
      {
        ...{ clause: "daily", avoidable: false, detail: "2026-04-10T22:00:00Z" },
        ...{ from: "2026-04-10T03:00:00.000Z", to: "2026-04-10T22:15:00.000Z" },
      },
    ]);
  });

  it.each([
    [["--plan", "nope", ...YEAR], /--plan: there is no 'nope'; there are .*mintsys/],
    [["--plan", "lab", ...YEAR], /--plan: lab promises no backups/],
    [["--fleet", "examples/fleet.yaml", ...YEAR], /name a --plan, or an --instance: .*acme/],
    [["--plan", "odoo", "--instance", "acme", ...YEAR], /leave one of them away/],
    [
      ["--plan", "odoo", ...YEAR, "--size", "big"],
      /--size: expected GB from 0 to 65536, like 20, got 'big'/,
    ],
    [
      ["--plan", "odoo", ...YEAR, "--daily-change", "21"],
      /--daily-change: .* the size, 20 GB, got 21/,
    ],
    [["--plan", "odoo", "--from", "2026-02-30", "--days", "9"], /--from: '2026-02-30' is no date/],
    [["--plan", "odoo", "--from", "2026-02-01", "--days", "0"], /--days: .* 1 to 3660, got '0'/],
    [["--plan", "odoo", ...YEAR, "--miss", "2026-01-01,x"], /--miss: 'x' is no date/],
    [
      ["--plan", "odoo", ...YEAR, "--miss", "2026-01-01,2025-11-02"],
      /--miss: expected days from 2025-11-03 to 2026-12-07, .* got 2025-11-02; change --from/,
    ],
    [["--plan", "odoo", ...YEAR, "--miss", "2026-12-08"], /--miss: .* got 2026-12-08/],
    [
      ["--plan", "odoo", "--from", "9999-12-01", "--days", "100"],
      /expected days from 1970-01-01 to 2199-12-31, got 9999-12-01 and 99 more/,
    ],
    [["--plan", "odoo", "--from", "0001-01-01", "--days", "1"], /got 0001-01-01$/],
    [["--plan", "odoo", "--from", "2199-12-31", "--days", "2"], /got 2199-12-31 and 1 more/],
    [
      ["--plan", "odoo", ...YEAR, "--timezone", "Mars/Base"],
      /--timezone: there is no 'Mars\/Base'/,
    ],
  ] as const)("refuses %j in one line", async (argv, message) => {
    const refused = await simulate(...argv).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(UserError);
    expect((refused as UserError).message).toMatch(message);
  });
});
