import type { Need } from "../adopt/needs-of.ts";
import { hanging } from "../hanging.ts";
import type { StepReport, WalkReport } from "./walk.ts";

const SIGNS = {
  done: "✓",
  would: "→",
  waiting: "…",
  next: "→",
  stuck: "✗",
  late: "✗",
} as const satisfies Record<StepReport["is"], string>;

/** What became of an instance, in 80 columns but for commands, which stay whole. */
export const walkLines = ({ instance, isWhole, steps }: WalkReport): readonly string[] => [
  `${instance}${isWhole ? "" : ": not whole"}`,
  ...steps.flatMap(stepLines),
];

function stepLines({ step, is, says, needs = [] }: StepReport): readonly string[] {
  const head = `  ${SIGNS[is]} ${step.padEnd(10)} `;
  const said = says === undefined ? [] : hanging(head, is === "late" ? `gave up: ${says}` : says);
  const told = needs.flatMap((need, index) =>
    needLines(said.length === 0 && index === 0 ? head : `${" ".repeat(head.length - 2)}! `, need),
  );
  return [...said, ...told];
}

const needLines = (head: string, { says, mend }: Need): readonly string[] => [
  ...hanging(head, mend === undefined ? says : `${says}:`),
  ...(mend === undefined ? [] : [`${" ".repeat(head.length)}${mend}`]),
];

/** One line for all of them. */
export function tally(reports: readonly WalkReport[], whole: string): string {
  const count = reports.filter(({ isWhole }) => isWhole).length;
  const next = reports.filter(({ steps }) => steps.some(({ is }) => is === "next")).length;
  const stuck = reports.length - count - next;
  return [
    `${count} of ${reports.length} ${whole}`,
    ...(next > 0 ? [`${next} after a deployment`] : []),
    ...(stuck > 0 ? [`${stuck} need a person`] : []),
  ].join(", ");
}
