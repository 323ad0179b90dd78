import { LocalDays } from "../../lib/sla/backups/local-days.ts";
import type { Window } from "../../lib/sla/books/window.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { describeRegion } from "../../lib/sla/regions.ts";
import { asOf } from "./as-of.ts";
import { type Backups, worstBackups } from "./backups.ts";
import type { SealedDays } from "./contract.ts";
import type { Course } from "./course.ts";
import { type Day, daysOf, meanDays } from "./days.ts";
import { type Disruption, disruptionsOf } from "./disruptions.ts";
import { type Named, type Planned, plannedForCustomer, plannedForEverybody } from "./planned.ts";
import { sealedOf } from "./sealed.ts";
import type { Standing, State } from "./standing.ts";

/** All that is known of one instance. */
export interface Known {
  readonly instance: Instance;
  readonly standing: Standing;
  readonly course: Course;
  /** Absent: its plan sells none. */
  readonly backups?: Backups;
}

/** One line of a page: an instance, or all of a region that are not shown by themselves. */
export interface Row {
  /** The same at every look; says no more than `name`. */
  readonly id: string;
  readonly name: string;
  readonly kind: "instance" | "region";
  readonly state: State | "partly";
  /** ISO 8601. */
  readonly since?: string;
  /** Oldest first. */
  readonly days: readonly Day[];
  /** Newest first. */
  readonly disruptions: readonly Disruption[];
  readonly backups?: Backups;
}

/** What one page shows. */
export interface View {
  /** Of the provider. */
  readonly provider: string;
  readonly audience: "everybody" | "customer";
  /** ISO 8601. */
  readonly at: string;
  /** Written again no later than so many seconds after that. */
  readonly everySeconds: number;
  readonly timezone: string;
  readonly rows: readonly Row[];
  /** Windows of it that are coming, under way, or were in the days of a page. */
  readonly maintenance: readonly Planned[];
  /** Regions that say nothing now: of them, what they said last is shown. */
  readonly silent: readonly string[];
}

export interface Scene {
  readonly fleet: Pick<Fleet, "provider">;
  readonly known: readonly Known[];
  readonly silent: readonly string[];
  readonly windows: readonly Window[];
  /** Absent: no day is sealed, or nobody has summed any up. */
  readonly sealed?: SealedDays;
  /** ISO 8601; what a page counts, it counts up to then. */
  readonly at: string;
  readonly now: Date;
  readonly everySeconds: number;
}

/** For everybody: who is to be seen, then the rest by region. `aliasOf` stands for the id of an instance. */
export function publicView(scene: Scene, aliasOf: (id: string) => string): View {
  const isPublic = ({ instance: { status } }: Known) => status?.public === true;
  const others = scene.known.filter((each) => !isPublic(each));
  const byRegion = Map.groupBy(others, ({ instance: { home } }) => home);
  const draw = drawing(scene);
  const shown = scene.known.filter(isPublic);
  return viewOf(scene, "everybody", {
    rows: [
      ...shown.map((each) => draw.instance(each, aliasOf(each.instance.id))),
      ...[...byRegion].map(([region, all]) => draw.region(region, all)),
    ],
    maintenance: plannedForEverybody(scene.windows, namedIn(shown), Date.parse(scene.at)),
  });
}

/** For one customer: its instances and nothing else, not even when something happened to others. */
export function customerView(all: Scene, instances: readonly Instance[]): View {
  const scene = sceneFor(all, new Set(instances.map(({ id }) => id)));
  const { known, windows, at } = scene;
  const draw = drawing(scene);
  return viewOf(scene, "customer", {
    rows: known.map((each) => draw.instance(each, each.instance.id)),
    maintenance: plannedForCustomer(windows, namedIn(known), Date.parse(at)),
  });
}

function sceneFor(all: Scene, own: ReadonlySet<string>): Scene {
  const known = all.known.filter(({ instance }) => own.has(instance.id));
  const windows = all.windows.filter(({ record }) => record.instances.some((id) => own.has(id)));
  const at = asOf(known, windows, all.now, all.everySeconds * 1000);
  return { ...all, known, windows, at };
}

function namedIn(known: readonly Known[]): Named {
  const names = new Map(known.map(({ instance }) => [instance.id, nameOf(instance)]));
  return {
    instances: known.map(({ instance }) => instance),
    nameOf: (id) => names.get(id) ?? id,
  };
}

const viewOf = (
  { fleet, at, everySeconds, silent }: Scene,
  audience: View["audience"],
  shown: Pick<View, "rows" | "maintenance">,
): View => {
  const { name, timezone } = fleet.provider;
  return { provider: name, audience, at, everySeconds, timezone, silent, ...shown };
};

function drawing({ fleet, at, sealed }: Scene) {
  const nowMs = Date.parse(at);
  const { timezone } = fleet.provider;
  const calendar = new LocalDays(timezone);
  const days = ({ course, instance: { id } }: Known) =>
    daysOf(course, calendar, nowMs, sealedOf(sealed, timezone, id));
  return {
    instance: (known: Known, id: string): Row => ({
      ...{ id, name: nameOf(known.instance), kind: "instance" },
      ...known.standing,
      days: days(known),
      disruptions: disruptionsOf(id, [known.course], nowMs),
      ...(known.backups && { backups: known.backups }),
    }),
    region: (region: string, all: readonly Known[]): Row => {
      const sold = all.flatMap(({ backups }) => backups ?? []);
      return {
        ...{ id: region, name: describeRegion(region), kind: "region" },
        ...together(all.map(({ standing }) => standing)),
        days: meanDays(all.map(days)),
        disruptions: disruptionsOf(
          region,
          all.map(({ course }) => course),
          nowMs,
        ),
        ...(sold.length > 0 && { backups: worstBackups(sold) }),
      };
    },
  };
}

const nameOf = ({ id, status }: Instance): string => status?.name ?? id;

/** Of many: what all of them are, or that some are not up. */
function together(all: readonly Standing[]): { readonly state: Row["state"]; since?: string } {
  const [first = { state: "unknown" }] = all;
  if (all.every(({ state }) => state === first.state)) {
    const since = all.flatMap((each) => each.since ?? []).toSorted()[0];
    return { state: first.state, ...(since !== undefined && { since }) };
  }
  const worst = (["down", "maintenance"] as const).find((each) =>
    all.some(({ state }) => state === each),
  );
  return { state: worst === "down" ? "partly" : (worst ?? "unknown") };
}
