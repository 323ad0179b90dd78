import { placesOf } from "../../lib/sla/backups/places.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Period } from "../../lib/sla/plan.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { Shelf, ShelvedBackups } from "./contract.ts";

/** How the backups of an instance are; instants ISO 8601. */
export interface Backups {
  /** Data of the newest that can be restored, wherever it lies; absent: there is none. */
  readonly newest?: string;
  /** The last restore that proved one; absent: none has. */
  readonly tested?: string;
  /** Restore tests fail. */
  readonly isFailing: boolean;
  /** Absent: its plan sells none. */
  readonly images?: ImageTests;
}

/** Machines that are started from its images, to prove them. */
interface ImageTests {
  /** Sold; of several instances only if all were sold the same. */
  readonly every?: Period;
  /** The last machine that came up, and of when the image was that it was started from; absent: none has. */
  readonly proven?: { readonly at: string; readonly takenAt?: string };
  readonly isFailing: boolean;
}

/** The best of what its places have. */
export function backupsOf(
  instance: Instance,
  roles: Roles,
  shelves: ReadonlyMap<string, Shelf>,
  bootEvery?: Period,
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
    ...(bootEvery && { images: imageTestsOf(held, bootEvery) }),
  };
}

function imageTestsOf(held: readonly ShelvedBackups[], every: Period): ImageTests {
  const images = held.flatMap((each) => each.images ?? []);
  const proven = images
    .flatMap((each) => each.proven ?? [])
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .at(-1);
  const isFailing = images.some(({ failingSince }) => failingSince !== undefined);
  return { every, ...(proven && { proven }), isFailing };
}

/** What holds for each of them: nothing where one has nothing. */
export function worstBackups(all: readonly Backups[]): Backups {
  const newest = oldest(all.map((each) => each.newest));
  const tested = oldest(all.map((each) => each.tested));
  return {
    ...(newest !== undefined && { newest }),
    ...(tested !== undefined && { tested }),
    isFailing: all.some(({ isFailing }) => isFailing),
    ...worstImages(all.flatMap(({ images }) => images ?? [])),
  };
}

function worstImages(all: readonly ImageTests[]): Pick<Backups, "images"> {
  const [first] = all;
  if (!first) return {};
  const at = oldest(all.map(({ proven }) => proven?.at));
  const isAlike = all.every(({ every }) => every === first.every);
  return {
    images: {
      ...(isAlike && first.every && { every: first.every }),
      ...(at !== undefined && { proven: { at } }),
      isFailing: all.some(({ isFailing }) => isFailing),
    },
  };
}

function oldest(all: readonly (string | undefined)[]): string | undefined {
  const known = all.flatMap((at) => at ?? []);
  return known.length === all.length ? known.toSorted()[0] : undefined;
}
