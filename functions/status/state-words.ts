import type { Row, View } from "./view.ts";

type Tone = "good" | "bad" | "soft";

/** How a row is, in words, by shape and by colour: none of them alone. */
export const STATES = {
  up: { tone: "good", mark: "✓", one: "Up", many: "All of them are up" },
  partly: { tone: "bad", mark: "!", one: "Partly down", many: "Some of them are down" },
  down: { tone: "bad", mark: "✗", one: "Down", many: "All of them are down" },
  maintenance: {
    tone: "soft",
    mark: "◆",
    one: "Down for maintenance",
    many: "Some of them are down for maintenance",
  },
  unknown: {
    tone: "soft",
    mark: "?",
    one: "Not known: nobody sees it",
    many: "Not known of all: nobody sees some of them",
  },
} as const satisfies Record<Row["state"], { tone: Tone; mark: string; one: string; many: string }>;

/** The one sentence of a page. */
export function sentence({ rows }: Pick<View, "rows">): { readonly tone: Tone; text: string } {
  if (rows.length === 0) return { tone: "soft", text: "There is nothing to show yet." };
  const isBad = ({ state }: Row) => state === "down" || state === "partly";
  const bad = rows.filter(isBad).length;
  if (bad === 0 && rows.some(({ state }) => state === "maintenance")) {
    return { tone: "soft", text: "Maintenance is under way." };
  }
  if (bad === 0 && rows.some(({ state }) => state === "unknown")) {
    return { tone: "soft", text: "Nothing is known to be down, and not everything is known." };
  }
  if (bad === 0) return { tone: "good", text: "Everything is up." };
  const isOver = rows.every(({ state }) => state === "down");
  return { tone: "bad", text: isOver ? "Everything is down." : "Not everything is up." };
}
