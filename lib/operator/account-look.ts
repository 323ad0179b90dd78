import type { Known as Found, LiveRecord } from "../../functions/live/contract.ts";
import { isCommand } from "../sla/live/finding.ts";
import { hanging } from "./hanging.ts";
import type { Known } from "./instance-status.ts";

/** What the last of the daily looks at the account found. */
export interface AccountLook extends Pick<LiveRecord, "at" | "findings" | "unlooked" | "tls"> {
  /** Looks have stayed away: it may be different by now. */
  readonly stale: boolean;
}

const STALE_SECONDS = 2 * 86_400;

/** Undefined before the first look, and while control does not answer. */
export function accountLookOf({ books, now, pacer }: Known): AccountLook | undefined {
  const live = books.find((each) => each.live)?.live;
  if (!live) return undefined;
  const { at, findings, unlooked, tls } = live;
  const stale = now.getTime() - Date.parse(at) > pacer.paced(STALE_SECONDS);
  return { at, stale, findings, unlooked, tls };
}

/** Lines name so many of each weight; `--json` has them all. */
const NAMED = 10;

/** What is broken first; commands stay whole. Nothing where all is in order. */
export const accountLines = ({ at, stale, findings }: AccountLook): readonly string[] => {
  const broken = findings.filter(({ weight }) => weight === "broken");
  const risks = findings.length - broken.length;
  return [
    ...(stale ? hanging("→ ", `account: nobody has looked since ${at}: ${SILENT}`) : []),
    ...broken.slice(0, NAMED).flatMap(findingLines),
    ...(broken.length > NAMED ? [`→ account: ${broken.length - NAMED} more: --json`] : []),
    ...(risks > 0
      ? [`→ account: ${risks} ${risks === 1 ? "risk" : "risks"}: npx sla check --live`]
      : []),
  ];
};

const SILENT = "docs/runbook.md#live-silent";

const findingLines = ({ about, says, mend }: Found): readonly string[] => [
  ...hanging("→ ", `${about}: ${says}`),
  ...(isCommand(mend) ? [`  ${mend}`] : hanging("  ", mend ?? "docs/runbook.md#account-drifted")),
];
