import type { plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Drawn twice, because a drawing that shrinks takes its letters with it; the page shows the one that fits. */
export const SIZES = [
  { name: "wide", width: 880, font: 13 },
  { name: "narrow", width: 340, font: 12 },
] as const;

export type Size = (typeof SIZES)[number];

/** For the chart library, which asks a browser for one. */
export const blankDocument = () => parseHTML("<html><body></body></html>").document;

/** The markup of a finished drawing, with one name for who cannot see it, and definitions that its marks refer to. */
export function asImage(
  figure: ReturnType<typeof plot>,
  size: Size["name"],
  label: string,
  definitions = "",
): string {
  // An image has one name: the library's names of its groups would only be heard beside it.
  for (const group of figure.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  figure.setAttribute("class", `drawing ${size}`);
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", label);
  figure.querySelector("style")?.remove();
  const drawn = figure.outerHTML;
  const inside = drawn.indexOf(">") + 1;
  return drawn.slice(0, inside) + definitions + drawn.slice(inside);
}
