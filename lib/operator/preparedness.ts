import type { Lack, PreparedRecord } from "../../functions/prepared/contract.ts";
import { WORDS } from "../../functions/prepared/telling.ts";
import type { Known } from "./instance-status.ts";

/** Whether a recovery in a region would find what it needs, by the last look there. */
export interface SitePreparedness {
  readonly region: string;
  /** ISO 8601: of the last look. */
  readonly at: string;
  /** Looks have stayed away: it may be different by now. */
  readonly stale: boolean;
  readonly lacks: readonly Lack[];
  /** What nobody said at the last look. */
  readonly unknown: PreparedRecord["unknown"];
}

const STALE_SECONDS = 2 * 86_400;

/** Of every site that has looked; one that never has is told by its alarm. */
export const preparednessOf = ({ books, now, pacer }: Known): readonly SitePreparedness[] =>
  books.flatMap(({ region, prepared }) => {
    if (!prepared) return [];
    const { at, lacks, unknown } = prepared;
    const stale = now.getTime() - Date.parse(at) > pacer.paced(STALE_SECONDS);
    return [{ region, at, stale, lacks, unknown }];
  });

export const isPrepared = ({ stale, lacks }: SitePreparedness): boolean =>
  !stale && lacks.length === 0;

export const lackWords = ({ kind, about, detail }: Lack): string =>
  `${WORDS[kind]} ${about}: ${detail}`;

const sectionsOf = (lacks: readonly Lack[]): readonly string[] => [
  ...new Set(
    lacks.map(({ kind }) =>
      kind === "quarantine-group" ? "fence-unsound" : "recovery-unprepared",
    ),
  ),
];

/** Lines of a region name so many; `--json` has them all. */
const NAMED = 10;

/** Nothing of a region in which all is in order. */
export const preparedLines = ({
  region,
  at,
  stale,
  lacks,
}: SitePreparedness): readonly string[] => [
  ...(stale
    ? [`recovery in ${region}: nobody has looked since ${at}: docs/runbook.md#prepared-silent`]
    : []),
  ...lacks.slice(0, NAMED).map((lack) => `recovery in ${region}: ${lackWords(lack)}`),
  ...(lacks.length > NAMED ? [`recovery in ${region}: ${lacks.length - NAMED} more: --json`] : []),
  ...sectionsOf(lacks).map((section) => `docs/runbook.md#${section}`),
];
