import { describe, expect, it } from "vitest";
import {
  logDemandOf,
  lossByBackupsSeconds,
  sellsLess,
} from "../../../../lib/sla/backups/log-demand.ts";
import type { Backups, Plan } from "../../../../lib/sla/plan.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";
import { firstRoles, promotedRoles, protectedRoles } from "../../../../lib/sla/roles.ts";
import { alone, fleetOf, instance, QUICK_PLAN } from "../../../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const HOUR = 3600;
const DAY = 24 * HOUR;
const SINCE = "2026-01-05T09:00:00Z";
const NOW = Date.parse("2026-01-06T09:00:00Z");

const every = (...schedules: Backups["schedules"]): Backups => ({
  contents: ["database"],
  schedules,
});
const plan = (rpoSeconds: number, backups = every({ every: "1d" }), rtoSeconds = DAY): Plan => ({
  ...QUICK_PLAN,
  backups,
  siteLoss: { rpoSeconds, rtoSeconds, includesDns: true },
});

describe("what a lost region costs by scheduled backups", () => {
  it.each([
    ["hourly", every({ every: "1h", keep: "24h" }), 3 * HOUR],
    ["every 12 hours", every({ every: "12h", keep: "7d" }), 14 * HOUR],
    // The day on which clocks go back.
    ["daily", every({ every: "1d" }), 27 * HOUR],
    ["twice a day, 15 hours apart", every({ every: "1d", at: ["06:00", "15:00"] }), 18 * HOUR],
    ["the busiest of several", every({ every: "1d" }, { every: "3h", keep: "2d" }), 5 * HOUR],
  ] as const)("%s: the gap, the backup and its copy", (_name, backups, seconds) => {
    expect(lossByBackupsSeconds({ backups })).toBe(seconds);
  });

  it("is unknown without backups", () => {
    expect(lossByBackupsSeconds({})).toBeUndefined();
  });
});

describe("a plan sells less loss than its schedules give", () => {
  it.each([
    ["odoo", true],
    ["mintsys", true],
    ["cloudworkz", true],
    // Twice a day is often enough for a day.
    ["binhex", false],
    // The newest backup is what was sold.
    ["cloudpepper-high", false],
    ["lab", false],
  ])("%s: %s", (name, expected) => {
    const preset = PRESETS[name];
    if (!preset) throw new Error(`no preset ${name}`);
    expect(sellsLess(preset)).toBe(expected);
  });

  it("from the second on at which they no longer give it", () => {
    expect(sellsLess(plan(27 * HOUR - 1))).toBe(true);
    expect(sellsLess(plan(27 * HOUR))).toBe(false);
  });
});

describe("a demand for logs elsewhere", () => {
  const ALONE = alone("acme", { copies: [NEAR, FAR] });
  const PAIRED = instance("acme", { copies: [NEAR, FAR] });
  const rolesOf = (of = ALONE) => firstRoles(fleetOf([of]), of, SINCE);
  const demand = (of = ALONE, roles = rolesOf(of), sold = plan(DAY), nowMs = NOW) =>
    logDemandOf(of, sold, roles, nowMs);

  it("names the copies in the order of the fleet", () => {
    expect(demand()).toEqual({ places: [NEAR, FAR], days: 8, rpoSeconds: DAY });
    expect(demand({ ...ALONE, copies: [FAR, NEAR] })?.places).toEqual([FAR, NEAR]);
  });

  it("never names the region of the primary", () => {
    expect(demand({ ...ALONE, copies: [HOME, FAR] })?.places).toEqual([FAR]);
    expect(demand({ ...ALONE, copies: [] })?.places).toEqual([]);
  });

  it("is none while a standby in another region keeps the RPO", () => {
    expect(demand(PAIRED)).toBeUndefined();
  });

  it("is one once a new standby has not been built within six hours", () => {
    const failed = promotedRoles(rolesOf(PAIRED), FAR, new Date(NOW).toISOString(), "test");
    const hours = (count: number) => NOW + count * HOUR * 1000;
    expect(demand(PAIRED, failed, plan(DAY), hours(6) - 1)).toBeUndefined();
    expect(demand(PAIRED, failed, plan(DAY), hours(6))?.places).toEqual([FAR, HOME]);
    const standby = { region: HOME, database: "acme-db-sla2" };
    const built = protectedRoles(failed, standby, new Date(hours(7)).toISOString(), "test");
    expect(demand(PAIRED, built, plan(DAY), hours(20))).toBeUndefined();
  });

  it.each([
    [HOUR, 8],
    [DAY, 8],
    [DAY + 1, 9],
    [60 * DAY, 35],
  ])("keeps them for a recovery of %d s and a week, within what RDS allows", (rtoSeconds, days) => {
    expect(demand(ALONE, rolesOf(), plan(DAY, undefined, rtoSeconds))?.days).toBe(days);
  });
});
