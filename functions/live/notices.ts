import { type Finding, isCommand } from "../../lib/sla/live/finding.ts";
import type { Notice } from "../notify/contract.ts";

/** A mail names so many; `sla status` names all. */
const NAMED = 20;

type Telling = (findings: readonly Finding[], region: string, at: string) => readonly Notice[];

/** Promises hang on these. */
export const drifted: Telling = (findings, region, at) =>
  noticeOf("account-drifted", findings, region, at, [
    "The account is not as the fleet needs it; nothing need be down yet:",
    ...named(findings, linesOf),
    "All that was found: npx sla status. A look of now: npx sla check --live",
    "Runbook: docs/runbook.md#account-drifted",
  ]);

/** Nothing hangs on these tonight. */
export const exposed: Telling = (findings, region, at) =>
  noticeOf("account-exposed", findings, region, at, [
    "Nothing is wrong today; some night this will be missed:",
    ...named(findings, linesOf),
    "All that was found: npx sla status",
    "Runbook: docs/runbook.md#account-drifted",
  ]);

/** `left`: how many findings still stand. */
export const mended = (
  findings: readonly Finding[],
  left: number,
  region: string,
  at: string,
): readonly Notice[] =>
  noticeOf("account-mended", findings, region, at, [
    ...named(findings, ({ about, says }) => [`No longer: ${about}: ${says}`]),
    left === 0
      ? "The account is as the fleet needs it."
      : `Still standing: ${left}. Which: npx sla status`,
  ]);

function noticeOf(
  kind: Notice["kind"],
  findings: readonly Finding[],
  region: string,
  at: string,
  lines: readonly string[],
): readonly Notice[] {
  if (findings.length === 0) return [];
  const incident = `account-${region}-${at.replace(/\D/g, "").slice(0, 12)}`;
  return [{ kind, instance: region, at, incident, lines }];
}

const named = (
  findings: readonly Finding[],
  lines: (finding: Finding) => readonly string[],
): readonly string[] => [
  ...findings.slice(0, NAMED).flatMap(lines),
  ...(findings.length > NAMED ? [`And ${findings.length - NAMED} more.`] : []),
];

const linesOf = ({ about, says, mend }: Finding): readonly string[] => [
  `${about}: ${says}${isCommand(mend) ? ":" : ""}`,
  ...(mend === undefined ? [] : [`  ${mend}`]),
];
