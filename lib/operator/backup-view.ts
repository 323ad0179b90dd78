import { rdsSnapshots } from "../../functions/aws/rds-snapshots.ts";
import type { Kept } from "../../functions/failover/ports.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { InstanceLogs, ShelfState, Trouble } from "../../functions/reconcile/contract.ts";
import { listAll } from "../../functions/reconcile/listings.ts";
import { catalogueOf } from "../../functions/reconcile/observe.ts";
import type { Snapshots } from "../../functions/reconcile/ports.ts";
import { UserError } from "../cli/user-error.ts";
import type { Action } from "../sla/backups/action.ts";
import { ZoneCalendar } from "../sla/backups/calendar.ts";
import { isProven, type Listed, type Shelved } from "../sla/backups/catalogue.ts";
import { isFresh } from "../sla/backups/dated.ts";
import { desiredOf } from "../sla/backups/desired-of.ts";
import { reconcile } from "../sla/backups/reconcile.ts";
import { sort } from "../sla/backups/shelf.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { type DeliveryView, deliveryOf } from "./delivery-view.ts";
import { type Candidate, candidatesIn } from "./recover-candidates.ts";
import { rolesOf } from "./roles-of.ts";

/** All backups of one instance, wherever they lie. */
export interface BackupView {
  readonly instance: string;
  readonly plan: string;
  readonly primary: Roles["primary"];
  readonly places: readonly string[];
  /** Places whose API does not answer. */
  readonly silent: readonly string[];
  /** Oldest first. */
  readonly backups: readonly BackupRow[];
  /** What the next passes will do. */
  readonly wanted: readonly Action[];
  /** Automated backups that RDS replicates, as the sites last found them. */
  readonly logs: readonly ReplicatedLogs[];
  /** Of which people have been told, and which still last. */
  readonly troubles: readonly Trouble[];
  /** Should the region of the primary be lost, and nobody stand by; absent: nothing elsewhere can be restored. */
  readonly recovery?: Recovery;
  /** Absent: the customer has no destination of its own. */
  readonly delivery?: DeliveryView;
}

/** What the instance would be brought back from. */
export interface Recovery {
  readonly from: Candidate["from"];
  /** Name of the backup. */
  readonly id?: string;
  readonly region: string;
  /** ISO 8601: to which instant. */
  readonly at: string;
  /** Writes of so long would be lost. */
  readonly lossSeconds: number;
  /** As the plan sells it for a lost data center. */
  readonly soldSeconds?: number;
}

export interface ReplicatedLogs extends InstanceLogs {
  /** Region that they are replicated to. */
  readonly to: string;
  /** ISO 8601: when its site looked. */
  readonly at: string;
}

export interface BackupRow {
  readonly id: string;
  /** ISO 8601: of its data. */
  readonly takenAt: string;
  readonly schedules: readonly string[];
  /** By place; absent: it is not there. */
  readonly states: Readonly<Record<string, Shelved["state"]>>;
  readonly keptBecause: readonly string[];
  readonly isHeld: boolean;
  readonly verifiedAt?: string;
  /** Places that can restore its database, but not yet its files. */
  readonly withoutFiles?: readonly string[];
  /** Places in which a restore of it was proven, and none has failed since. */
  readonly provenIn: readonly string[];
}

/** Throws UserError if the instance's plan sells no backups, or no ledger knows its roles. */
export async function backupView(
  access: Access,
  instance: Instance,
  snapshots: Snapshots = rdsSnapshots(access.clock),
): Promise<BackupView> {
  const { fleet, clock } = access;
  const sold = fleet.plans[instance.plan];
  const backups = sold?.backups;
  if (!backups) throw new UserError(`${instance.id}: its plan '${instance.plan}' sells no backups`);
  const roles = await rolesOf(access, instance.id);
  const desired = desiredOf(instance, { ...sold, backups }, roles, fleet.frozen);
  const { places, plan } = desired;
  const { listings, silent } = await listAll(snapshots, places);
  const observed = catalogueOf(
    listings,
    fleet.instances.map(({ id }) => id),
  ).of(instance.id);
  const shelves = await shelvesOf(access);
  const calendar = new ZoneCalendar(fleet.provider.timezone);
  const nowMs = clock.now().getTime();
  const told = toldBySites(shelves, instance.id);
  const { found } = await candidatesIn((region) => keptIn(region, roles, listings, told.logs), {
    ...{ instance, roles },
    regions: [...listings.keys()].filter((region) => region !== roles.primary.region),
  });
  const kept = [...observed.shelves.values()].flatMap((shelf) => {
    const { whyKept } = sort(shelf, plan, calendar, nowMs);
    return shelf.flatMap((each) => {
      const reasons = isFresh(each) ? ["a fresh dump"] : whyKept(each);
      return reasons ? [[each.id, reasons] as const] : [];
    });
  });
  const delivery = await deliveryOf(access, instance);
  return {
    ...{ instance: instance.id, plan: instance.plan, primary: roles.primary, places },
    silent: [...silent.keys()],
    backups: rows(
      [...observed.shelves.values()].flat(),
      new Map(kept),
      lacksFiles(shelves, instance.id),
    ),
    wanted: roles.leftAt === undefined ? reconcile(desired, observed, calendar, nowMs).actions : [],
    ...told,
    ...(delivery && { delivery }),
    ...(found[0] && { recovery: recovered(found[0], nowMs, sold.siteLoss?.rpoSeconds) }),
  };
}

/** As a recovery would find it, but of logs only what the sites last said of them. */
const keptIn = (
  region: string,
  { primary }: Roles,
  listings: ReadonlyMap<string, readonly Listed[]>,
  logs: readonly ReplicatedLogs[],
): Kept => ({
  backups: async () => listings.get(region) ?? [],
  logs: async () =>
    logs.flatMap(({ to, from, latest }) =>
      to === region && from === primary.region && latest !== undefined
        ? [{ ...primary, status: "replicating", earliest: latest, latest, archive: "" }]
        : [],
    ),
});

const recovered = (
  { from, id, region, at }: Candidate,
  nowMs: number,
  soldSeconds: number | undefined,
): Recovery => ({
  ...{ from, region, at },
  ...(id !== undefined && { id }),
  lossSeconds: Math.max(0, Math.round((nowMs - Date.parse(at)) / 1000)),
  ...(soldSeconds !== undefined && { soldSeconds }),
});

/** One for each name, wherever it lies; `kept` says why. */
export function rows(
  all: readonly Shelved[],
  kept: ReadonlyMap<string, readonly string[]>,
  isWithoutFiles: (region: string, id: string) => boolean,
): readonly BackupRow[] {
  return [...Map.groupBy(all, ({ id }) => id)]
    .flatMap(([id, copies]) => {
      const [first] = copies;
      if (!first) return [];
      const takenMs = copies.find(({ isTimed }) => isTimed)?.takenMs ?? first.tickMs;
      const withoutFiles = copies.flatMap(({ region }) =>
        isWithoutFiles(region, id) ? [region] : [],
      );
      const proven = copies.filter(isProven);
      const verified = proven.flatMap(({ verifiedMs }) => verifiedMs ?? []);
      return [
        {
          ...{ id, takenAt: new Date(takenMs).toISOString(), schedules: first.schedules },
          states: Object.fromEntries(copies.map(({ region, state }) => [region, state])),
          keptBecause: kept.get(id) ?? [],
          isHeld: copies.some(({ isHeld }) => isHeld),
          ...(withoutFiles.length > 0 && { withoutFiles }),
          provenIn: proven.map(({ region }) => region),
          ...(verified.length > 0 && { verifiedAt: new Date(Math.max(...verified)).toISOString() }),
        },
      ];
    })
    .sort((one, other) => (one.takenAt < other.takenAt ? -1 : 1));
}

type Shelves = readonly { readonly site: string; readonly state: ShelfState }[];

/** What the sites that answer last found. */
async function shelvesOf({ ledgers, fleet }: Access): Promise<Shelves> {
  const asked = await Promise.allSettled(
    Object.keys(fleet.sites).map(async (site) => ({
      site,
      state: (await ledgers(site).read<ShelfState>(keys.shelf(site)))?.value,
    })),
  );
  return asked.flatMap((each) =>
    each.status === "fulfilled" && each.value.state
      ? [{ site: each.value.site, state: each.value.state }]
      : [],
  );
}

function toldBySites(shelves: Shelves, id: string): Pick<BackupView, "logs" | "troubles"> {
  return {
    logs: shelves.flatMap(({ site, state }) => {
      const logs = state.instances[id]?.logs;
      return logs ? [{ ...logs, to: site, at: state.at }] : [];
    }),
    troubles: shelves.flatMap(({ state }) =>
      state.troubles.filter(({ instance, isTold }) => instance === id && isTold),
    ),
  };
}

/** By the site of the region itself. */
const lacksFiles =
  (shelves: Shelves, instance: string) =>
  (region: string, id: string): boolean =>
    shelves.some(
      ({ site, state }) =>
        site === region && (state.instances[instance]?.withoutFiles?.includes(id) ?? false),
    );
