import type { LiveReport } from "../../../functions/live/look.ts";
import { type Finding, isCommand } from "../../sla/live/finding.ts";
import { hanging } from "../hanging.ts";

const SIGNS = { broken: "✗", risk: "!" } as const satisfies Record<Finding["weight"], string>;

/** What is broken first; 80 columns but for commands, which stay whole. */
export function liveLines({ findings, unlooked }: LiveReport): readonly string[] {
  const broken = findings.filter(({ weight }) => weight === "broken");
  const risks = findings.filter(({ weight }) => weight === "risk");
  return [
    ...[...broken, ...risks].flatMap(findingLines),
    ...unlooked.flatMap(({ area, about, why }) =>
      hanging("? ", `${area} of ${about}: not looked at: ${why}`),
    ),
    ...(findings.length + unlooked.length > 0 ? [""] : []),
    `${broken.length} broken, ${risks.length} ${risks.length === 1 ? "risk" : "risks"}, ${unlooked.length} not looked at`,
    "What clients must do: docs/adopting.md#what-clients-must-do",
  ];
}

const findingLines = ({ weight, about, says, mend }: Finding): readonly string[] => [
  ...hanging(`${SIGNS[weight]} `, `${about}: ${says}${isCommand(mend) ? ":" : ""}`),
  ...(mend === undefined ? [] : isCommand(mend) ? [`  ${mend}`] : hanging("  ", mend)),
];
