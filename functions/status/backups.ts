import { placesOf } from "../../lib/sla/backups/places.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { Shelf } from "./contract.ts";

/** How the backups of an instance are; instants ISO 8601. */
export interface Backups {
  /** Data of the newest that can be restored, wherever it lies; absent: there is none. */
  readonly newest?: string;
  /** The last restore that proved one; absent: none has. */
  readonly tested?: string;
  /** Restore tests fail. */
  readonly isFailing: boolean;
}

/** The best of what its places have. */
export function backupsOf(
  instance: Instance,
  roles: Roles,
  shelves: ReadonlyMap<string, Shelf>,
): Backups {
  const held = placesOf(instance, roles).flatMap((place) => {
    return shelves.get(place)?.[instance.id] ?? [];
  });
  const newest = held
    .flatMap((each) => each.newest ?? [])
    .toSorted()
    .at(-1);
  const tested = held
    .flatMap(({ verified }) => verified ?? [])
    .toSorted()
    .at(-1);
  return {
    ...(newest !== undefined && { newest }),
    ...(tested !== undefined && { tested }),
    isFailing: held.some(({ failingSince }) => failingSince !== undefined),
  };
}

/** What holds for each of them: nothing where one has nothing. */
export function worstBackups(all: readonly Backups[]): Backups {
  const newest = oldest(all.map((each) => each.newest));
  const tested = oldest(all.map((each) => each.tested));
  return {
    ...(newest !== undefined && { newest }),
    ...(tested !== undefined && { tested }),
    isFailing: all.some(({ isFailing }) => isFailing),
  };
}

function oldest(all: readonly (string | undefined)[]): string | undefined {
  const known = all.flatMap((at) => at ?? []);
  return known.length === all.length ? known.toSorted()[0] : undefined;
}
