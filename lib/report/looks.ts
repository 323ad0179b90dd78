import type { MinuteState } from "../sla/books/minute-sheet.ts";
import type { PlainKey } from "./words/catalogue.ts";

/** How minutes of a state are drawn: by shape first, coloured besides. */
export interface Look {
  readonly name: PlainKey;
  readonly fill: (id: string) => string;
  readonly stroke: string;
  readonly dash?: string;
  /** Of the figure in it. */
  readonly ink: string;
}

const hatched = (id: string) => `url(#${id})`;

export const LOOKS: Readonly<Record<MinuteState, Look>> = {
  up: { name: "up", fill: () => "var(--calm)", stroke: "none", ink: "var(--ink)" },
  down: { name: "downtime", fill: () => "var(--bad)", stroke: "var(--bad)", ink: "var(--paper)" },
  unobserved: { name: "unobserved", fill: hatched, stroke: "var(--edge)", ink: "var(--ink)" },
  maintenance: {
    ...{ name: "maintenance", fill: () => "var(--paper)", stroke: "var(--hold)" },
    ink: "var(--ink)",
  },
  excluded: {
    ...{ name: "excluded", fill: () => "var(--paper)", stroke: "var(--edge)", dash: "3 2" },
    ink: "var(--ink)",
  },
};

/** What `fill` of minutes that nobody saw refers to. */
export const hatch = (id: string): string =>
  `<defs><pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--paper)"/><rect width="2" height="5" fill="var(--wait)"/></pattern></defs>`;
