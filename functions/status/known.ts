import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { InstanceState } from "../../lib/sla/incident-state.ts";
import type { Period, Plan } from "../../lib/sla/plan.ts";
import { byAuthority, type Roles } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import type { ShelfState, Trouble } from "../reconcile/contract.ts";
import { type IncidentRecord, silentAfterSeconds } from "../watch/contract.ts";
import { backupsOf } from "./backups.ts";
import type { Shelf, StatusMemory } from "./contract.ts";
import { courseOf } from "./course.ts";
import type { Heard, Said } from "./heard.ts";
import { remember } from "./memory.ts";
import { inMaintenance, standing } from "./standing.ts";
import type { Known } from "./view.ts";

export interface Looked {
  readonly now: Date;
  readonly pacer: Pick<Clock, "paced">;
}

/** Where a pace divides it: a look is not divided, and a laptop that stutters has not missed its rounds. */
const LATE_FLOOR_MS = 30_000;

export interface All {
  /** Of instances that somebody has roles for and that have not left. */
  readonly known: readonly Known[];
  readonly memory: Omit<StatusMemory, "address">;
}

/** Puts together what all sites say, and what was remembered of those that say nothing. */
export function whatIsKnown(
  fleet: Fleet,
  { said, windows }: Heard,
  before: StatusMemory | undefined,
  { now, pacer }: Looked,
): All {
  const incidents = Map.groupBy(mergedIncidents(said), ({ instance }) => instance);
  const present = fleet.instances.flatMap((instance): readonly Present[] => {
    const { id } = instance;
    const roles = newestRoles(id, said);
    const plan = fleet.plans[instance.plan];
    if (!plan || !roles || roles.leftAt !== undefined) return [];
    const seen = newestSeen(id, said);
    const lateMs = pacer.paced(silentAfterSeconds({ plan }), LATE_FLOOR_MS);
    const own = { instance, roles, incidents: incidents.get(id) ?? [], ...(seen && { seen }) };
    const concerning = windows.filter(({ record }) => record.instances.includes(id));
    const how = inMaintenance(standing(seen, now, lateMs), concerning, now.getTime());
    const sold = { sells: plan.backups !== undefined, ...bootsOf(plan, instance) };
    return [{ ...own, ...sold, standing: how }];
  });
  const shelves = new Map([...Object.entries(before?.shelves ?? {}), ...said.flatMap(shelfOf)]);
  const memory = remember(before, present, shelves, now);
  return { memory, known: present.map((each) => knownOf(each, memory, shelves)) };
}

/** One instance as the sites say it. */
export interface Present extends Pick<Known, "instance" | "standing"> {
  readonly roles: Roles;
  readonly incidents: readonly IncidentRecord[];
  readonly seen?: InstanceState;
  /** Backups. */
  readonly sells: boolean;
  /** Sold, between two tests of its images. */
  readonly bootEvery?: Period;
}

const bootsOf = ({ imageTests }: Plan, { machines }: Instance): Pick<Present, "bootEvery"> =>
  imageTests && machines ? { bootEvery: imageTests.every } : {};

const knownOf = (
  { instance, roles, standing: now, incidents, seen, sells, bootEvery }: Present,
  { instances }: All["memory"],
  shelves: ReadonlyMap<string, Shelf>,
): Known => ({
  instance,
  standing: now,
  course: courseOf(incidents, seen, instances[instance.id]),
  ...(sells && { backups: backupsOf(instance, roles, shelves, bootEvery) }),
});

const newestRoles = (id: string, said: readonly Said[]): Roles | undefined =>
  said.flatMap(({ roles }) => roles.get(id) ?? []).toSorted(byAuthority)[0];

const KINDS: ReadonlySet<unknown> = new Set<InstanceState["kind"]>([
  "healthy",
  "suspected",
  "down",
]);

/** What whoever looked last remembers; what another version wrote and this one does not know says nothing. */
function newestSeen(id: Instance["id"], said: readonly Said[]): InstanceState | undefined {
  const states = said.flatMap(({ shards }) =>
    shards.flatMap(({ instances }) => instances[id]?.incident ?? []),
  );
  return states.filter(({ kind }) => KINDS.has(kind)).toSorted((a, b) => slotMs(b) - slotMs(a))[0];
}

const slotMs = ({ lastSlot }: InstanceState) => (lastSlot === undefined ? 0 : Date.parse(lastSlot));

/** A record lies in several ledgers, and one may not have heard yet that it is over. */
function mergedIncidents(said: readonly Said[]): readonly IncidentRecord[] {
  const all = said.flatMap(({ incidents }) => incidents).filter(isWhole);
  const copies = Map.groupBy(all, ({ instance, incident }) => `${instance} ${incident}`);
  return [...copies.values()].flatMap((those) =>
    those.reduce<IncidentRecord[]>(([one], other) => [{ ...one, ...other }], []),
  );
}

const isWhole = (record: Partial<IncidentRecord>): record is IncidentRecord =>
  [record.instance, record.incident, record.firstBadAt].every((it) => typeof it === "string");

function shelfOf({ region, shelf }: Said): readonly (readonly [string, Shelf])[] {
  if (!shelf) return [];
  const failing = failingIn(shelf, undefined);
  const failingImages = failingIn(shelf, "images");
  const kept = Object.entries(shelf.instances).map(([id, { newest, verified, images }]) => [
    id,
    {
      ...(newest !== undefined && { newest }),
      ...(verified !== undefined && { verified }),
      ...failing.get(id),
      ...(images && {
        images: { ...(images.proven && { proven: images.proven }), ...failingImages.get(id) },
      }),
    },
  ]);
  return [[region, Object.fromEntries(kept)]];
}

/** By instance, since when its tests there fail: of databases, or of images. */
const failingIn = ({ troubles }: ShelfState, whose: Trouble["of"] | undefined) =>
  new Map(
    troubles.flatMap(({ kind, of, instance, since }) =>
      kind === "restore-test-failed" && of === whose
        ? [[instance, { failingSince: since }] as const]
        : [],
    ),
  );
