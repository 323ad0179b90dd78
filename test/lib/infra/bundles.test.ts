import { statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { importTimes } from "../../../bench/bundles/import-time.ts";
import { bundleFunctions } from "../../../lib/infra/bundles.ts";
import { type Bundles, ENTRIES, type FunctionName } from "../../../lib/infra/functions.ts";

const ENOUGH = 500_000;
/** No person waits for them, and they carry the calendars of all time zones, SSH and age, the holidays of all countries, what draws, or clients of eight services. */
const PATIENT: Readonly<Record<string, number>> = {
  "sla-backups": 600_000,
  "sla-deliver": 900_000,
  "sla-helpdesk": 2_000_000,
  "sla-live": 700_000,
  "sla-prepared": 600_000,
  "sla-report": 1_500_000,
};
const names = Object.keys(ENTRIES) as FunctionName[];

describe("bundles", () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await bundleFunctions(process.cwd());
  });

  it.each(names)("%s is at most 500 KB, unless nobody waits for it", (name) => {
    const { size } = statSync(join(bundles.directory(name), "index.mjs"));
    expect(size).toBeGreaterThan(500);
    expect(size).toBeLessThanOrEqual(PATIENT[name] ?? ENOUGH);
  });

  it("can all be imported by a process that has nothing else", async () => {
    const files = names.map((name) => join(bundles.directory(name), "index.mjs"));
    const { wholeMs } = await importTimes(files, 1);
    expect(wholeMs).toHaveLength(names.length);
  }, 240_000);

  it("are not made again from the same sources", async () => {
    const before = statSync(bundles.directory("sla-probe")).mtimeMs;
    const again = await bundleFunctions(process.cwd());
    expect(again.directory("sla-probe")).toBe(bundles.directory("sla-probe"));
    expect(statSync(again.directory("sla-probe")).mtimeMs).toBe(before);
  });
});
