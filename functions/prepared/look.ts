import type { Fleet } from "../../lib/sla/fleet.ts";
import { judgePreparedness } from "../../lib/sla/preparedness.ts";
import { recoveryNeeds } from "../../lib/sla/recovery-needs.ts";
import { judgeStops } from "../../lib/sla/stop-records.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { NewestRoles } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { BACKUP_KEY } from "../reconcile/contract.ts";
import { RESTORE_SECRET, SUBNET_GROUP } from "../restore/contract.ts";
import { asking } from "./asking.ts";
import type { PreparedRecord } from "./contract.ts";
import { type Sources, whatIsThere } from "./found.ts";
import type { Messenger, Names, StopChecks } from "./ports.ts";
import { stopNeeds, stopsFound } from "./stops.ts";
import { told } from "./telling.ts";

export interface Site extends Sources {
  readonly region: string;
  readonly fleet: Fleet;
  /** Its key in the ledger. */
  readonly fleetKey: string;
  /** Ids of security groups: of the sql functions, and of all of ours that quarantine lets in. */
  readonly sqlGroup: string;
  readonly ourGroups: readonly string[];
  readonly ledger: Ledger;
  readonly roles: NewestRoles;
  readonly names: Names;
  readonly stopChecks: StopChecks;
  readonly messenger: Messenger;
  readonly clock: Clock;
}

/**
 * One look at what a recovery in this region would need, and what people hear of it. They hear before the record is written that
 * remembers it: one that is told twice is better than one that is forgotten.
 */
export async function look(site: Site): Promise<PreparedRecord> {
  const { region, fleet, fleetKey, ledger, roles, messenger, clock } = site;
  const key = keys.prepared(region);
  const before = await ledger.read<PreparedRecord>(key);
  await roles.hear(Object.keys(fleet.sites));
  const names = { subnetGroup: SUBNET_GROUP, testSecret: RESTORE_SECRET, backupKey: BACKUP_KEY };
  const { sqlGroup, ourGroups } = site;
  const here = { region, ...names, sqlGroup, ourGroups };
  const known = await roles.all();
  const needs = recoveryNeeds(fleet, known, here);
  const stops = stopNeeds(fleet, known, region);
  const ask = asking();
  const [found, foundStops] = await Promise.all([
    whatIsThere(needs, site, ask),
    stopsFound(stops, site, ask),
  ]);
  const checks = [...judgePreparedness(needs, found), ...judgeStops(stops, foundStops)];
  const at = clock.now().toISOString();
  const { notices, ...outcome } = told(checks, before?.value, region, at);
  if (notices.length > 0) await messenger.notify({ notices });
  const record = { at, region, fleet: fleetKey, checks: checks.length, ...outcome };
  // Another look that has written meanwhile has told as well, and its record stays.
  await (before ? ledger.replace(key, record, before.tag) : ledger.create(key, record));
  return record;
}

/** Alarms count errors: a region that does not say what it holds is one; another that is lost is none of ours. */
export function answeredHere(record: PreparedRecord): PreparedRecord {
  const [first, ...more] = record.unknown.filter(({ region }) => region === record.region);
  if (!first) return record;
  const others = more.length > 0 ? `, and ${more.length} more` : "";
  throw new SlaError("CloudUnreachable", "cloud", `${first.about}: ${first.why}${others}`);
}
