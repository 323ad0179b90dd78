import { actionLines, cellsOf, rowOf } from "./backup-lines.ts";
import { hanging } from "./hanging.ts";
import type { ImageView } from "./image-view.ts";
import { localTime } from "./local-time.ts";

/** Likewise of at most 80 columns: which versions of the complete instance there are, and whether as many as are sold. */
export function imageLines(view: ImageView, timezone: string): readonly string[] {
  const { machine, region, places, silent, images, wanted } = view;
  const local = localTime(timezone);
  const called = machine === "" ? `no machine is named in ${region}` : `${machine} in ${region}`;
  return [
    ...hanging("  images  ", `of the complete instance, ${called}; ${soldWords(view)}`),
    `  ${"made".padEnd(17)}${cellsOf(places, places)}kept for`.slice(0, 80).trimEnd(),
    ...images.flatMap((row) => rowOf(row, places, silent, local)),
    ...(images.length === 0 ? ["  none yet"] : []),
    ...silent.map((place) => `  ${place} does not answer about images`),
    ...wanted.flatMap(actionLines),
  ];
}

/** Of places that answer. */
function soldWords({ sold, places, silent, images }: ImageView): string {
  const held = places
    .filter((place) => !silent.includes(place))
    .map((place) => {
      const count = images.filter(({ states }) => states[place] === "available").length;
      return `${count} in ${place}`;
    });
  const there = held.length === 0 ? "nobody says how many are there" : held.join(", ");
  return sold === undefined ? there : `${sold} versions sold: ${there}`;
}
