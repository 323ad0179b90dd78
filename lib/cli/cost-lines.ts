import { hanging } from "../operator/hanging.ts";
import { ASSUMED } from "../sla/cost/assumed.ts";
import type { FleetCost, Sizes } from "../sla/cost/fleet-cost.ts";
import type { CostLine } from "../sla/cost/line.ts";
import { PRICES, PRICES_AS_OF } from "../sla/cost/prices.ts";
import { FACTORS } from "../sla/cost/region-factor.ts";
import { gb } from "./storage-lines.ts";

const SHOWN = 20;

/** For people, at most 80 columns wide. */
export function costLines(found: FleetCost, sizes: Sizes): readonly string[] {
  const { control, controlDollars, data, dataDollars, dollars, instances } = found;
  const { sizeGb, dailyChangeGb, hourDollars, machineGb } = sizes;
  const machines = data.some(({ what }) => what === "images")
    ? `, and machines with ${gb(machineGb)} of disks`
    : "";
  const dearest = instances
    .toSorted((one, other) => other.dataDollars - one.dataDollars)
    .slice(0, SHOWN);
  return [
    ...hanging(
      "",
      `Estimated, US dollars a month, for databases of ${gb(sizeGb)} of which ${gb(dailyChangeGb)} change a day, of a class of $${hourDollars} an hour${machines}; primaries, applications and files are not in it.`,
    ),
    "",
    row("control software", controlDollars, "each"),
    ...control.map((line) => part(line, instances.length)),
    "",
    row("data", dataDollars, "each"),
    ...data.map((line) => part(line, instances.length)),
    "",
    each("instance", "plan", "control", "data", "sum"),
    ...dearest.map(({ id, plan, controlDollars: shared, dataDollars: own }) =>
      each(id, plan, ...([shared, own, shared + own].map(money) as [string, string, string])),
    ),
    ...(instances.length > SHOWN ? [`and ${instances.length - SHOWN} more (--json has all)`] : []),
    each("together", "", money(controlDollars), money(dataDollars), money(dollars)),
    "",
    row("instead of the control software", undefined, "each"),
    ...found.alternatives.flatMap(({ lacks, ...line }) => [
      part(line, instances.length),
      ...hanging("      ", lacks),
    ]),
    "",
    ...hanging(
      "",
      `List prices of us-east-1 of ${PRICES_AS_OF} without taxes, discounts and free tiers, times what other regions cost more, which is estimated. docs/cost.md says what is counted and what is assumed.`,
    ),
  ];
}

const money = (dollars: number) => dollars.toFixed(2);

const WIDTH = 46;

const row = (what: string, dollars: number | undefined, last: string) =>
  `${what.padEnd(WIDTH)} ${(dollars === undefined ? "" : money(dollars)).padStart(14)} ${last.padStart(14)}`.trimEnd();

const part = ({ what, dollars }: CostLine, instances: number) =>
  row(`  ${what}`, dollars, (dollars / instances).toFixed(4));

const each = (id: string, plan: string, ...sums: readonly [string, string, string]) =>
  `${cut(id, 22)} ${cut(plan, 22)}${sums.map((sum) => sum.padStart(11)).join("")}`;

const cut = (text: string, width: number) =>
  (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width);

/** With all that it was made of. Sums are not rounded. */
export const costJson = (found: FleetCost, sizes: Sizes) => ({
  ...{ currency: "USD", per: "month", ...sizes, ...found },
  basis: { asOf: PRICES_AS_OF, prices: PRICES, factors: FACTORS, assumed: ASSUMED },
});
