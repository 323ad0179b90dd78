import { type Debt, type FenceDebt, isFence } from "../../functions/failover/debt.ts";
import { newer } from "../../functions/failover/debt-copies.ts";
import type { FailoverNote } from "../../functions/failover/incident-note.ts";
import { silentAfterSeconds } from "../../functions/watch/contract.ts";
import type { Pacer } from "../../functions/watch/judge.ts";
import { type Entry, judgedAt } from "../../functions/watch/shard-state.ts";
import type { Window } from "../sla/books/window.ts";
import { isBuiltFor } from "../sla/engine.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { byAuthority, type Roles, type Seat } from "../sla/roles.ts";
import type { Verdict } from "../sla/verdict.ts";
import { type AtWork, type Locks, machinesAtWork } from "./at-work.ts";
import { type BackupsStatus, backupsNow } from "./backups-now.ts";
import { gaugeOf, gaugeWords, type StorageStatus } from "./gauge-now.ts";
import { type MaintenanceNow, maintenanceNow } from "./maintenance-now.ts";
import { needsOf } from "./needs.ts";
import { type Redundancy, redundancyOf } from "./redundancy.ts";
import type { SiteBooks } from "./site-books.ts";
import { newestVerdict } from "./verdict-now.ts";

/** All that is known of one instance now. Seconds are real ones; instants ISO 8601. */
export interface InstanceStatus extends AtWork {
  readonly instance: string;
  readonly plan: string;
  /** The newest that any ledger holds; absent if none knows the instance. */
  readonly roles?: Roles;
  readonly redundancy: Redundancy;
  /** The standby that was given up, while none stands by in its stead. */
  readonly dropped?: Dropped;
  /** What fills the storage of the primary, as its owner's watch last found it. */
  readonly storage?: StorageStatus;
  /** What RDS says of a replication that it has ended. */
  readonly broken?: string;
  /** Tables of the primary that our login may not read. */
  readonly unreadTables?: number;
  /** Newest heartbeat on the standby, else on the primary. */
  readonly heartbeat?: { readonly at: string; readonly ageSeconds: number };
  /** What promoting the standby now would lose at most, and what the plan allows. */
  readonly rpo: { readonly atRiskSeconds?: number; readonly allowedSeconds?: number };
  readonly look?: Look;
  readonly maintenance?: MaintenanceNow;
  readonly incident?: OpenIncident;
  readonly debts: readonly Debt[];
  /** Old primaries in quarantine of which not all is known: sessions may be open, or rows are not looked for. */
  readonly fences: readonly FenceDebt[];
  /** Where its plan has backups. */
  readonly backups?: BackupsStatus;
  /** Nothing here brings it back from a backup: its engine is one for which that is not built. */
  readonly byHand?: true;
  /** What a person has to know or do; empty: nothing. */
  readonly needs: readonly string[];
}

export interface Look {
  readonly at: string;
  readonly by: string;
  readonly ageSeconds: number;
  readonly verdict: Verdict;
  /** More rounds were missed than can be by chance. */
  readonly late: boolean;
}

export interface OpenIncident {
  readonly id: string;
  readonly since: string;
  readonly openSeconds: number;
  /** What people have been told in it: `application-down`, `no-standby`, or why nothing starts. */
  readonly told: readonly string[];
  readonly failovers: readonly FailoverNote[];
}

interface Dropped {
  readonly database: string;
  readonly region: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Known extends Locks {
  /** Of maintenance; absent where nobody asked for them. */
  readonly windows?: readonly Window[];
  readonly now: Date;
  readonly pacer: Pacer;
}

/** `notes`: what the open incident's record says of its failovers. */
export function instanceStatus(
  instance: Instance,
  plan: Plan,
  known: Known,
  notes: readonly FailoverNote[] = [],
): InstanceStatus {
  const { books, now, pacer } = known;
  const roles = newestRoles(instance.id, books);
  const seen = newestEntry(instance.id, books);
  const heartbeat = heartbeatOf(seen?.entry, roles, now);
  const allowed = (plan.serverLoss ?? plan.siteLoss)?.rpoSeconds;
  const look = seen && lookOf(seen, plan, known);
  const incident = seen && incidentOf(seen.entry, now, notes);
  const atWork = machinesAtWork(instance.id, known);
  const gauge = gaugeOf(instance.id, books, roles);
  const found = {
    instance: instance.id,
    plan: plan.name,
    ...(roles && { roles }),
    redundancy: redundancyOf(instance, { roles, gauge, entry: seen?.entry, ...atWork }),
    ...(roles?.dropped && { dropped: droppedOf(roles, roles.dropped) }),
    ...gaugeWords(gauge, plan),
    ...(heartbeat && { heartbeat }),
    rpo: {
      ...(roles?.standby && heartbeat && { atRiskSeconds: heartbeat.ageSeconds }),
      ...(allowed !== undefined && { allowedSeconds: pacer.paced(allowed) / 1000 }),
    },
    ...(look && { look }),
    ...maintenanceNow(instance.id, known),
    ...(incident && { incident }),
    ...atWork,
    ...debtsOf(instance.id, books),
    ...backupsNow(instance, plan, roles, known),
    ...handOf(instance),
  };
  return { ...found, needs: needsOf(found) };
}

const handOf = ({ database: { engine } }: Instance) =>
  isBuiltFor(engine, "recover") ? {} : { byHand: true as const };

const newestRoles = (id: string, books: readonly SiteBooks[]): Roles | undefined =>
  books.flatMap(({ roles }) => roles.get(id) ?? []).toSorted(byAuthority)[0];

interface Seen {
  readonly entry: Entry;
  readonly site: string;
}

/** What the site that looked last remembers. */
export function newestEntry(id: string, books: readonly SiteBooks[]): Seen | undefined {
  return books
    .flatMap(({ region, shards }) =>
      shards.flatMap(({ instances }) => {
        const entry = instances[id];
        return entry ? [{ entry, site: region }] : [];
      }),
    )
    .toSorted((a, b) => judgedAt(b.entry) - judgedAt(a.entry))[0];
}

/** Heartbeats of another epoch are another server's. */
function heartbeatOf(entry: Entry | undefined, roles: Roles | undefined, now: Date) {
  if (!entry || entry.epoch !== roles?.epoch) return undefined;
  const { primary, standby } = entry.beats;
  const at = (roles.standby ? standby : primary)?.at;
  return at === undefined ? undefined : { at, ageSeconds: secondsSince(at, now) };
}

function lookOf({ entry, site }: Seen, plan: Plan, { now, pacer }: Known): Look | undefined {
  const { lastSlot: at } = entry.incident;
  if (at === undefined) return undefined;
  const ageSeconds = secondsSince(at, now);
  const late = ageSeconds * 1000 > pacer.paced(silentAfterSeconds({ plan }));
  return { at, by: site, ageSeconds, verdict: newestVerdict(entry.incident), late };
}

function incidentOf({ incident }: Entry, now: Date, failovers: readonly FailoverNote[]) {
  if (incident.kind !== "down") return undefined;
  const { incident: id, firstBadAt: since, told } = incident;
  return { id, since, openSeconds: secondsSince(since, now), told, failovers };
}

const droppedOf = ({ since: at }: Roles, { database, region }: Seat): Dropped => ({
  database,
  region,
  at,
});

/** A debt lies in several ledgers, and a copy may be behind: the newest says what is owed. */
function debtsOf(
  id: string,
  books: readonly SiteBooks[],
): Pick<InstanceStatus, "debts" | "fences"> {
  const all = books.flatMap(({ debts }) => debts).filter(({ instance }) => instance === id);
  const newest = [...Map.groupBy(all, ({ kind }) => kind).values()].map((copies) =>
    copies.reduce(newer),
  );
  return {
    debts: newest.filter(({ state }) => state === "owed"),
    fences: newest
      .filter(isFence)
      .filter(({ state, unsevered, unsearched }) => state === "paid" && (unsevered || unsearched)),
  };
}

export const secondsSince = (at: string, now: Date): number =>
  Math.max(0, now.getTime() - Date.parse(at)) / 1000;
