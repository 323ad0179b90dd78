import { logPlacesOf, sellsLess } from "./backups/log-demand.ts";
import { type Outlook, threeYears } from "./backups/three-years.ts";
import type { Fleet, Instance } from "./fleet.ts";
import { type QuotaNeed, roundedUp } from "./quota-need.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html: manual DB instance snapshots, of one account in one region. */
const SNAPSHOTS = { code: "L-272F1212", granted: 100 } as const;
/** Of what the plans hold, for what people take by hand and what an old primary leaves when it is retired. */
const SPARE_PERCENT = 10;
/** Backups stay while a place waits for copies of them: over a weekend at least, until somebody has seen to it. */
const HELD_BACK_DAYS = 3;
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html: at a time, into one region. */
const COPIES_AT_ONCE = 20;
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html: automated backups, into one region. */
const REPLICATIONS = 20;
/** Assumed of one copy: minutes if little has changed, hours for the first one of a large database. */
const COPY_HOURS = 1;

type Counted = Pick<Fleet, "instances" | "plans" | "provider">;

/** Every region where backups lie, sorted: the snapshots that are held there, and the copies on their way to it. */
export function backupQuotaNeeds(fleet: Counted): readonly QuotaNeed[] {
  const backedUp = fleet.instances.flatMap((instance) => {
    const backups = fleet.plans[instance.plan]?.backups;
    return backups ? [{ instance, outlook: threeYears(backups, fleet.provider.timezone) }] : [];
  });
  const regions = new Set(backedUp.flatMap(({ instance }) => [...regionsOf(instance)]));
  return [...regions]
    .toSorted()
    .flatMap((region) => [
      snapshotNeed(backedUp, region),
      ...copyNeed(backedUp, region),
      ...replicationNeed(fleet, region),
    ]);
}

interface BackedUp {
  readonly instance: Instance;
  readonly outlook: Outlook;
}

/** After a failover backups are taken where the standby was. */
const regionsOf = ({ home, standby, copies }: Instance): ReadonlySet<string> =>
  new Set([home, ...copies, ...(standby === undefined ? [] : [standby])]);

function snapshotNeed(all: readonly BackedUp[], region: string): QuotaNeed {
  const here = all.filter(({ instance }) => regionsOf(instance).has(region));
  const held = here.reduce((sum, { outlook }) => sum + outlook.peak, 0);
  const spare = Math.ceil((held * SPARE_PERCENT) / 100);
  const aDay = here.reduce((sum, { outlook }) => sum + outlook.mostADay, 0);
  const heldBack = HELD_BACK_DAYS * aDay;
  const needs = held + heldBack + spare;
  const { code, granted } = SNAPSHOTS;
  return {
    ...{ region, service: "rds", quota: "Manual DB instance snapshots", code, needs, granted },
    ...(needs > granted && { ask: roundedUp(needs, 50) }),
    because: `${held} that ${here.length} instances' plans hold there at most, home, standby or copy, ${heldBack} of ${HELD_BACK_DAYS} days whose copies stay away or whose place is silent, and ${spare} to spare`,
  };
}

/** Spread over the day; none where nothing is copied to. */
function copyNeed(all: readonly BackedUp[], region: string): readonly QuotaNeed[] {
  const copied = all.filter(({ instance: { copies } }) => copies.includes(region));
  if (copied.length === 0) return [];
  const aDay = copied.reduce((sum, { outlook }) => sum + outlook.mostADay, 0);
  const needs = Math.ceil((aDay * COPY_HOURS) / 24);
  const instead = `AWS gives no more: copy some instances elsewhere, or back up less often`;
  return [
    {
      ...{ region, service: "rds", quota: "Snapshot copies in flight into a region" },
      ...{ needs, granted: COPIES_AT_ONCE },
      ...(needs > COPIES_AT_ONCE && { instead }),
      because: `${aDay} copies a day, of an hour each`,
    },
  ];
}

/** Of instances without a standby whose RPO nothing else keeps; none where no logs are replicated to. */
function replicationNeed({ instances, plans }: Counted, region: string): readonly QuotaNeed[] {
  const needs = instances.filter((instance) => {
    const plan = plans[instance.plan];
    const isAlone = instance.standby === undefined;
    return isAlone && plan && sellsLess(plan) && logPlacesOf(instance, instance.home)[0] === region;
  }).length;
  if (needs === 0) return [];
  const instead =
    "AWS gives no more: name another region first in copies of some, back them up more often, or give them a standby";
  return [
    {
      ...{ region, service: "rds", quota: "Automated backups replicated into a region" },
      ...{ needs, granted: REPLICATIONS },
      ...(needs > REPLICATIONS && { instead }),
      because: `${needs} instances without a standby sell less loss with a region than their schedules give`,
    },
  ];
}
