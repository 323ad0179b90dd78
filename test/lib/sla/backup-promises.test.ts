import { describe, expect, it, test } from "vitest";
import { checkPromises } from "../../../lib/sla/check.ts";
import type { Backups, Plan, Rotation } from "../../../lib/sla/plan.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { instance, QUICK_PLAN } from "../../fakes/fleet.ts";

const ROTATION: Rotation = { perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 };
const backups = (
  schedules: Backups["schedules"],
  changes: Partial<Rotation> | undefined,
): Backups => ({
  contents: ["database"],
  schedules,
  ...(changes && { rotation: { ...ROTATION, ...changes } }),
});

function linesOf(plan: Plan, timezone = "Europe/Zurich") {
  const provider = { timezone };
  const instances = [instance("acme", { plan: plan.name })];
  return checkPromises({ plans: { [plan.name]: plan }, instances, provider }).filter(
    ({ promise }) => promise.startsWith("backups"),
  );
}
const withBackups = (given: Backups, timezone?: string) =>
  linesOf({ ...QUICK_PLAN, backups: given }, timezone);

describe("what a plan's backups come to over three years", () => {
  const sold = Object.values(PRESETS).filter(({ backups: promised }) => promised);
  test.each(sold)("keeps what $name sells, in every zone tried", (plan) => {
    for (const timezone of ["Europe/Zurich", "America/Santiago", "Australia/Lord_Howe"]) {
      expect(linesOf(plan, timezone)).toEqual([
        expect.objectContaining({
          promise: "backups",
          achievable: expect.stringMatching(/\d+ at most/),
        }),
      ]);
    }
  });

  it("has nothing to say of a plan without backups", () => {
    expect(linesOf(QUICK_PLAN)).toEqual([]);
  });

  test.each([
    ["one a day where two are sold", backups([{ every: "1d" }], { perDay: 2 }), "perDay", 1],
    ["none on most days", backups([{ every: "3d" }], {}), "days", 0],
    ["none in every other week", backups([{ every: "2w" }], { days: 0 }), "weeks", 0],
    ["none in every other month", backups([{ every: "2mo" }], { days: 0, weeks: 0 }), "months", 0],
  ] as const)("breaks by %s; the number it names keeps the clause", (_, given, key, to) => {
    const [broken, ...others] = withBackups(given);
    expect(broken).toMatchObject({
      status: "broken",
      change: expect.stringMatching(
        new RegExp(
          `^${key === "perDay" ? "days" : key} breaks on \\d{4}-\\d\\d-\\d\\d though nothing is missed`,
        ),
      ),
      where: { of: "plan", path: ["backups", "rotation", key] },
    });
    expect(broken?.change).toContain(`lower backups.rotation.${key} from`);
    expect(broken?.change).toContain(` to ${to}, or`);
    const rotation = { ...ROTATION, ...given.rotation, [key]: to };
    const mended = withBackups({ ...given, rotation });
    expect(mended.filter(({ promise }) => promise === broken?.promise)).toEqual([]);
    expect(others.map(({ promise }) => promise)).not.toContain(broken?.promise);
  });

  it("finds the day that 24 hours pass over when clocks change", () => {
    const daily = (every: "24h" | "1d") =>
      withBackups(backups([{ every }], {}), "Australia/Sydney");
    expect(daily("1d")).toMatchObject([{ status: "kept" }]);
    const [broken] = daily("24h");
    expect(broken?.change).toContain("days breaks on 2022-10-03 though nothing is missed");
    expect(broken?.change).toContain("days in `every` follow the calendar, hours do not");
  });

  it("finds two times that fall together in the hour that clocks skip", () => {
    const given = backups([{ every: "1d", at: ["02:30", "03:30"], keep: "7d" }], undefined);
    expect(withBackups(given, "UTC")).toMatchObject([{ status: "kept" }]);
    const [broken] = withBackups(given);
    expect(broken).toMatchObject({
      promise: "backups, daily",
      change: expect.stringMatching(
        /^daily breaks on 2023-03-26 .* out of the hour that clocks skip/,
      ),
      where: { of: "plan", path: ["backups", "schedules"] },
    });
  });
});
