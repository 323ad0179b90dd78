import { PRICES, type PriceName } from "./prices.ts";

/** What a thing costs in a month, in US dollars. */
export interface CostLine {
  readonly what: string;
  readonly dollars: number;
}

/** So much of it in a month, at the prices of a region that is dearer by `factor`. */
export const costOf = (price: PriceName, amount: number, factor = 1): number =>
  PRICES[price].dollars * amount * factor;

export const sumOf = (lines: readonly CostLine[]): number =>
  lines.reduce((sum, { dollars }) => sum + dollars, 0);

/** One line for each thing, in the order in which they first come; what costs nothing is left out. */
export function together(lines: readonly CostLine[]): readonly CostLine[] {
  const byName = Map.groupBy(lines, ({ what }) => what);
  return [...byName]
    .map(([what, same]) => ({ what, dollars: sumOf(same) }))
    .filter(({ dollars }) => dollars > 0);
}
