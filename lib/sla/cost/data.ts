import { dayOfDate, forecast } from "../backups/forecast.ts";
import type { Life } from "../backups/history.ts";
import { type Sizing, storageOf } from "../backups/storage.ts";
import { placesOfInstance } from "../backups/storage-places.ts";
import { isFrozen } from "../destination.ts";
import { traitsOf } from "../engine.ts";
import type { Fleet, Instance } from "../fleet.ts";
import type { Backups, Plan } from "../plan.ts";
import { ASSUMED } from "./assumed.ts";
import { type CostLine, costOf, together } from "./line.ts";
import { HOURS } from "./prices.ts";
import { factorOf } from "./region-factor.ts";

/** Of each database. */
export interface Databases extends Sizing {
  /** US dollars of an hour of its class, in us-east-1. */
  readonly hourDollars: number;
}

/** Weeks of a month, in each of which a backup is tested. */
const WEEKS = HOURS / 168;

/**
 * What is kept of an instance beside its primary in a month: what a Multi-AZ plan doubles, readers of a cluster, the standby, backups and their copies. `livesOf`: as
 * `backupsOf` makes it.
 */
export function dataCost(
  fleet: Fleet,
  instance: Instance,
  databases: Databases,
  livesOf: BackupsOf,
): readonly CostLine[] {
  const plan = fleet.plans[instance.plan];
  if (!plan) return [];
  return together([
    ...standing(instance, plan, databases),
    ...(plan.backups
      ? kept(fleet, { instance, plan, backups: plan.backups }, databases, livesOf)
      : []),
  ]);
}

/** Databases that stand by, here and elsewhere. */
function standing(
  instance: Instance,
  plan: Plan,
  { sizeGb, dailyChangeGb, hourDollars }: Databases,
): readonly CostLine[] {
  const { home, standby } = instance;
  const hours = hourDollars * HOURS;
  const { beside, away } = traitsOf(instance.database.engine).isCluster
    ? clusterOf(instance, hours, sizeGb)
    : serverOf(plan, hours, sizeGb);
  const logGb = (dailyChangeGb * ASSUMED.logPerChange * HOURS) / 24;
  return [
    { ...beside, dollars: beside.dollars * factorOf(home) },
    ...(standby === undefined
      ? []
      : [
          { what: "standby", dollars: away * factorOf(standby) },
          { what: "its transfer", dollars: costOf("transferGb", logGb, factorOf(home)) },
        ]),
  ];
}

/** In us-east-1. */
interface Standing {
  /** Whatever stands by at home. */
  readonly beside: CostLine;
  /** In the standby region. */
  readonly away: number;
}

function serverOf({ multiAz }: Plan, hours: number, sizeGb: number): Standing {
  const database = hours + costOf("databaseGbMonth", ASSUMED.allocatedPerGb * sizeGb);
  return {
    beside: { what: "Multi-AZ", dollars: multiAz.required ? database : 0 },
    away: database,
  };
}

/** Members of Aurora have one storage in each region, which is as large as what is in it; those of a Multi-AZ DB cluster one each. */
function clusterOf({ database: { engine } }: Instance, hours: number, sizeGb: number): Standing {
  const { auroraMembers, multiAzClusterMembers, allocatedPerGb } = ASSUMED;
  const members = traitsOf(engine).sharesStorage ? auroraMembers : multiAzClusterMembers;
  const own = traitsOf(engine).sharesStorage
    ? 0
    : costOf("databaseGbMonth", allocatedPerGb * sizeGb);
  return {
    beside: { what: "readers", dollars: (members - 1) * (hours + own) },
    away: members * hours + costOf("databaseGbMonth", sizeGb),
  };
}

interface Sold {
  readonly instance: Instance;
  readonly plan: Plan;
  readonly backups: Backups;
}

function kept(
  fleet: Fleet,
  { instance, plan, backups }: Sold,
  databases: Databases,
  livesOf: BackupsOf,
): readonly CostLine[] {
  const places = placesOfInstance(instance, plan, fleet);
  const found = livesOf(backups);
  const storage = storageOf(found.lives, places, databases, found);
  const frozenIn = isFrozen(instance, plan) ? fleet.frozen?.region : undefined;
  return [
    ...storage.places.map(({ name, medium, isCopy, dollars }) =>
      medium === "snapshots"
        ? { what: isCopy ? "copies" : "snapshots", dollars: dollars * factorOf(name) }
        : { what: "frozen", dollars: dollars * factorOf(frozenIn ?? instance.home) },
    ),
    { what: "their transfer", dollars: storage.transferDollars * factorOf(instance.home) },
    tests(instance.home, frozenIn, databases),
  ];
}

/** A backup is restored every week, in each place in turn; where it is frozen its dump is streamed by a task. */
function tests(home: string, frozenIn: string | undefined, databases: Databases): CostLine {
  const { sizeGb, hourDollars } = databases;
  const restored =
    hourDollars * ASSUMED.testHours +
    costOf("databaseGbMonth", (ASSUMED.allocatedPerGb * sizeGb * ASSUMED.testHours) / HOURS) +
    costOf("transition", ASSUMED.testTransitions);
  const dumpHours = frozenIn === undefined ? 0 : sizeGb / ASSUMED.dumpGbPerSecond / 3600;
  const dumped = costOf("vcpuHour", dumpHours) + costOf("taskGbHour", 4 * dumpHours);
  const dollars = WEEKS * (restored + dumped) * factorOf(frozenIn ?? home);
  return { what: "restore tests", dollars };
}

interface Lives {
  readonly lives: readonly Life[];
  readonly beganMs: number;
  readonly untilMs: number;
}
export type BackupsOf = (backups: Backups) => Lives;

/** Long enough that the last month is like all that follow. */
const DAYS = 400;

/** Which backups a plan holds in the end; asked again for the same it does not compute again. */
export function backupsOf(timezone: string): BackupsOf {
  const known = new Map<Backups, Lives>();
  const from = dayOfDate("2026-01-01");
  return (backups) => {
    const found =
      known.get(backups) ?? forecast({ backups, timezone, from, days: DAYS, missed: new Set() });
    known.set(backups, found);
    return found;
  };
}
