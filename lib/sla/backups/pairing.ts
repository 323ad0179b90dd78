import { isAvailable, type Shelves } from "./keepers.ts";

/** What is known of one instance in one place. */
export interface PairingState {
  readonly region: string;
  /** Regions that have to hold its backups. */
  readonly places: readonly string[];
  readonly shelves: Shelves;
  /** Names of the backups that have a manifest here. */
  readonly manifests: ReadonlySet<string>;
}

export interface Pairing {
  /** Backups to write manifests for here, newest first. */
  readonly wanted: readonly { readonly id: string; readonly takenAt: string }[];
  /** Manifests whose backups are gone everywhere. */
  readonly gone: readonly string[];
  /** Backups that can be restored here, but without their files. */
  readonly lacking: readonly string[];
}

/**
 * A backup is paired as soon as it can be restored anywhere: the sooner after its data, the fewer of the files that it knows have been
 * deleted meanwhile. A manifest goes once nobody shows its backup any more, and every place has said what it holds; the newest stays.
 */
export function pairing({ region, places, shelves, manifests }: PairingState): Pairing {
  const all = [...shelves.values()].flat();
  const ready = all.filter((backup) => isAvailable(backup) && backup.isTimed);
  const unpaired = new Map(
    ready.flatMap(({ id, takenMs }) => (manifests.has(id) ? [] : [[id, takenMs] as const])),
  );
  const isHeard = [region, ...places].every((place) => shelves.has(place));
  const known = new Set(all.map(({ id }) => id));
  const newest = [...manifests].toSorted().at(-1);
  const here = (shelves.get(region) ?? []).filter(isAvailable);
  return {
    wanted: [...unpaired]
      .toSorted(([, one], [, other]) => other - one)
      .map(([id, takenMs]) => ({ id, takenAt: new Date(takenMs).toISOString() })),
    gone: isHeard ? [...manifests].filter((id) => !known.has(id) && id !== newest) : [],
    lacking: here.flatMap(({ id }) => (manifests.has(id) ? [] : [id])).toSorted(),
  };
}
