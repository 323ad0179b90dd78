import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import { logTags } from "../../lib/sla/backups/log-book.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { firstRoles, promotedRoles, protectedRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { alone, fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGAN = "2026-01-05T09:00:00Z";
const ACME = alone("acme", { copies: [NEAR, FAR] });

/** Daily backups, of which a lost region may cost six hours. */
const SIX_HOURS = {
  ...QUICK_PLAN,
  backups: PRESETS["odoo"]?.backups,
  siteLoss: { rpoSeconds: 6 * 3600, rtoSeconds: 86_400, includesDns: true },
} as Plan;

const world = (instances = [ACME], plan = SIX_HOURS) =>
  new BackupWorld(fleetOf(instances, plan), BEGAN);

const shelf = (of: BackupWorld, region: string) =>
  of.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`);
const logs = (of: BackupWorld, region: string = NEAR) => shelf(of, region)?.instances["acme"]?.logs;
const calls = (of: BackupWorld) => of.calls.filter((call) => /^(ship|stop)/.test(call));
const told = (of: BackupWorld) => of.notices.map(({ kind, lines }) => `${kind}: ${lines[0]}`);

describe("logs in another region", () => {
  it("are replicated once, to the first place, and the loss they would cost is recorded", async () => {
    const night = world();
    await night.run(2 * DAY);
    expect(calls(night)).toEqual([`ship ${NEAR} acme-db`]);
    expect(night.automated.in(NEAR)).toEqual([{ of: "acme-db", days: 8, isRetained: false }]);
    expect(logs(night)).toMatchObject({ from: HOME, lossSeconds: 540 });
    expect(logs(night, FAR)).toBeUndefined();
    expect(night.notices).toEqual([]);
  });

  it("are nobody's wish where the schedules or a standby keep the RPO", async () => {
    const seldom = world([ACME], { ...SIX_HOURS, siteLoss: undefined } as unknown as Plan);
    const paired = world([instance("acme", { copies: [NEAR, FAR] })]);
    for (const night of [seldom, paired]) {
      await night.run(DAY);
      expect(calls(night)).toEqual([]);
      expect(night.notices).toEqual([]);
    }
  });

  it("are looked at more often than backups alone, so that a lag is told before it costs what was sold", async () => {
    const night = world();
    await night.run(2 * DAY, 15);
    night.automated.stuck.set(NEAR, night.nowMs);
    await night.run(8 * HOUR, 15);
    expect(told(night)).toEqual([
      expect.stringMatching(
        /^backups-troubled: acme in eu-central-1: replicated logs of acme-db end (2[0-9]{2}|3[0-5][0-9]) min ago, the plan allows 360 min/,
      ),
    ]);
    night.automated.stuck.clear();
    await night.run(HOUR, 15);
    expect(told(night)[1]).toMatch(/^backups-well: .*no longer late with its replicated logs/);
  });

  it("begin anew by themselves after RDS has ended their replication", async () => {
    const night = world();
    await night.run(DAY);
    await night.automated.shipsTo(NEAR).stop({ source: { region: HOME, database: "acme-db" } });
    await night.run(DAY);
    expect(calls(night).at(-1)).toBe(`ship ${NEAR} acme-db`);
    expect(night.automated.in(NEAR).map(({ isRetained }) => isRetained)).toEqual([true, false]);
    expect(night.notices).toEqual([]);
  });

  it("do not mail while a lost region writes none, and say so if they still lag when it is back", async () => {
    const night = world();
    await night.run(DAY);
    night.silent.add(HOME);
    night.automated.stuck.set(NEAR, night.nowMs);
    await night.run(2 * DAY);
    expect(told(night).filter((line) => /logs/.test(line))).toEqual([]);
    night.silent.clear();
    await night.run(2 * HOUR);
    expect(told(night).filter((line) => /logs/.test(line))).toHaveLength(1);
  });
});

describe("logs after a failover", () => {
  const PAIRED = instance("acme", { copies: [NEAR, FAR] });
  const at = (night: BackupWorld) => new Date(night.nowMs).toISOString();

  it("stand in for a standby that is not built, and end once it is", async () => {
    const night = world([PAIRED]);
    await night.run(DAY);
    const failed = promotedRoles(firstRoles(night.fleet, PAIRED, BEGAN), FAR, at(night), "test");
    night.setRoles(failed);
    await night.run(5 * HOUR);
    expect(calls(night)).toEqual([]);
    await night.run(6 * HOUR);
    expect(calls(night)).toEqual([`ship ${FAR} acme-db-standby`]);
    const standby = { region: HOME, database: "acme-db-sla2" };
    night.setRoles(protectedRoles(failed, standby, at(night), "test"));
    await night.run(3 * HOUR);
    expect(calls(night)).toEqual([`ship ${FAR} acme-db-standby`, `stop ${FAR} acme-db-standby`]);
    // What has arrived stays for as long as it was to be kept.
    expect(night.automated.in(FAR)).toEqual([{ of: "acme-db-standby", days: 8, isRetained: true }]);
    expect(logs(night, FAR)).toBeUndefined();
    expect(night.notices).toEqual([]);
  });

  it("of the old primary end only once those of the new one can be restored", async () => {
    const night = world();
    await night.run(DAY);
    const first = firstRoles(night.fleet, ACME, BEGAN);
    const moved = { region: HOME, database: "acme-restored" };
    night.setRoles({ ...first, epoch: 2, primary: moved, former: [first.primary] });
    await night.run(HOUR);
    expect(calls(night)).toEqual([`ship ${NEAR} acme-db`, `ship ${NEAR} acme-restored`]);
    await night.run(3 * HOUR);
    expect(calls(night).at(-1)).toBe(`stop ${NEAR} acme-db`);
    expect(night.automated.in(NEAR)).toEqual([
      { of: "acme-db", days: 8, isRetained: true },
      { of: "acme-restored", days: 8, isRetained: false },
    ]);
  });
});

describe("logs in trouble", () => {
  it("that RDS does not keep at home are told once, with the command, and wake nobody up", async () => {
    const night = world();
    night.automated.unkept.add("acme-db");
    await night.run(5 * HOUR);
    expect(night.notices).toEqual([]);
    await night.run(3 * DAY);
    expect(told(night)).toEqual([
      "backups-troubled: acme in eu-central-2: RDS keeps no automated backup of acme-db: there is nothing to replicate to eu-central-1.",
    ]);
    expect(night.notices[0]?.lines).toContain(
      "aws rds modify-db-instance --region eu-central-2 --db-instance-identifier acme-db --backup-retention-period 7",
    );
    expect(shelf(night, HOME)?.idleUntil).toBeDefined();
    night.automated.unkept.clear();
    await night.run(6 * HOUR);
    expect(calls(night)).toEqual([`ship ${NEAR} acme-db`]);
    expect(told(night)[1]).toMatch(/^backups-well/);
  });

  it("that a region has no room for are told, and begin as soon as it has", async () => {
    const night = world([ACME, alone("birch", { copies: [NEAR, FAR] })]);
    night.automated.quota = 1;
    await night.run(DAY);
    expect(told(night)).toEqual([
      expect.stringMatching(
        /^backups-troubled: birch in eu-central-1: ship-logs birch-db: DBInstanceAutomatedBackupQuotaExceeded/,
      ),
      expect.stringMatching(/birch in eu-central-1: no replicated log of birch-db can be restored/),
    ]);
    night.automated.quota = 2;
    await night.run(4 * HOUR);
    expect(night.automated.in(NEAR).map(({ of }) => of)).toEqual(["acme-db", "birch-db"]);
    expect(told(night).at(-1)).toMatch(/^backups-well: birch/);
  });

  it("that a region does not tell of keep no backup from being taken, and are told", async () => {
    const night = world();
    night.automated.mute.add(NEAR);
    await night.run(DAY);
    expect(night.available(NEAR)).toHaveLength(2);
    expect(calls(night)).toEqual([]);
    expect(told(night)).toEqual([
      expect.stringMatching(
        /^backups-troubled: acme in eu-central-1: RDS does not say what is rep/,
      ),
    ]);
  });

  it("of an instance that left the fleet are told and go on", async () => {
    const night = world([ACME, alone("birch", { copies: [NEAR] })]);
    await night.run(DAY);
    night.leave("birch");
    await night.run(DAY);
    expect(told(night).join("\n")).toContain("logs of 'birch', which is not in the fleet");
    expect(night.automated.in(NEAR).map(({ isRetained }) => isRetained)).toEqual([false, false]);
  });

  it("that a person replicates are used and never ended", async () => {
    const night = world();
    night.automated.put({ region: HOME, database: "acme-db" }, FAR);
    night.automated.put({ region: HOME, database: "other" }, FAR, logTags(""));
    await night.run(DAY);
    expect(calls(night)).toEqual([]);
    expect(logs(night, FAR)).toMatchObject({ from: HOME, lossSeconds: 540 });
  });
});
