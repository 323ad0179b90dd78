import type { Finding } from "./action.ts";
import { serves } from "./due.ts";
import { gapOf } from "./gap.ts";
import { isAvailable, type Surroundings } from "./keepers.ts";
import type { Schedule } from "./schedule.ts";

const HOUR_MS = 3_600_000;
/** How long a region may be silent, a backup take, and a copy be on its way; a backup no longer than to the next one. */
const PATIENCE = { region: HOUR_MS / 2, backup: 3 * HOUR_MS, copy: 6 * HOUR_MS } as const;

export interface Situation extends Surroundings {
  readonly instance: string;
  readonly primary: { readonly region: string };
  readonly plan: { readonly schedules: readonly Schedule[] };
  readonly lastTicks: ReadonlyMap<string, number>;
  /** Whether no backup has come for so long that something is wrong. */
  readonly hasStopped: boolean;
}

/** What is not there yet; people hear of it once it has lasted. */
export const lateFindings = (all: Situation): readonly Finding[] => [
  ...silentPlaces(all),
  ...lateBackups(all),
  ...lateCopies(all),
];

const silentPlaces = ({ instance, places, shelves }: Situation): Finding[] =>
  places
    .filter((place) => !shelves.has(place))
    .map((region) => {
      const detail = `${region} does not say what it holds: what it may need stays everywhere meanwhile`;
      const patienceMs = PATIENCE.region;
      return { kind: "place-silent", instance, region, detail, patienceMs };
    });

function lateBackups(situation: Situation): Finding[] {
  const { instance, primary, plan, shelves, lastTicks, hasStopped } = situation;
  const there = [...shelves.values()].flat().filter(isAvailable);
  const late = plan.schedules.filter((schedule) => {
    const ms = lastTicks.get(schedule.name);
    return ms !== undefined && !there.some((backup) => serves(backup, schedule.name, ms));
  });
  if (late.length === 0) return [];
  const names = late.map(({ name }) => {
    const ms = lastTicks.get(name);
    return ms === undefined ? name : `${name} of ${new Date(ms).toISOString()}`;
  });
  const patienceMs = Math.min(PATIENCE.backup, ...late.map(gapOf));
  const detail = `not there yet: ${names.join(", ")}`;
  const finding = { instance, region: primary.region, detail, patienceMs };
  // Both: that it is no longer late, because it is worse, would be told as good news.
  return [
    { kind: "backup-late", ...finding },
    ...(hasStopped && there.length > 0 ? [{ kind: "backups-stopped", ...finding } as const] : []),
  ];
}

function lateCopies({ instance, places, missing }: Situation): Finding[] {
  return places.flatMap((region) => {
    const late = [...(missing.get(region) ?? [])];
    const [first] = late;
    if (first === undefined) return [];
    const more = late.length > 1 ? ` and ${late.length - 1} more` : "";
    const detail = `no copy of ${first}${more} yet`;
    return [{ kind: "copy-late", instance, region, detail, patienceMs: PATIENCE.copy }];
  });
}
