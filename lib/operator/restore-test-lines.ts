import type { RestoreTestRecord } from "../../functions/restore/contract.ts";
import { formatDuration } from "../sla/duration.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";
import { sizeOf } from "./size.ts";

/** What a test found, in at most 80 columns. */
export function testLines(record: RestoreTestRecord, timezone: string): readonly string[] {
  const { instance, backup, region, ok, checks, failure, takenAt, endedAt, frozen } = record;
  const local = localTime(timezone);
  const data = takenAt === undefined ? "" : `, data of ${local(takenAt)}`;
  return [
    ...hanging(`${instance}: `, `${backup} in ${region}${data}; tested ${local(endedAt)}`),
    ...checks.flatMap((check) =>
      hanging(check.ok ? "  ✓ " : "  ✗ ", `${check.name}: ${check.found}`),
    ),
    ...(failure ? hanging("  ✗ ", `${failure.code}: ${failure.message}`) : []),
    ...(frozen ? hanging("  frozen  ", frozenWords(frozen)) : []),
    ...(ok
      ? hanging("  PROVEN ", figures(record))
      : ["  NOT PROVEN: docs/runbook.md#restore-tests-failing"]),
  ];
}

const figures = ({ restoreSeconds, proofSeconds, tables, rows }: RestoreTestRecord): string =>
  [
    `restored in ${span(restoreSeconds)}`,
    `${rows ?? 0} rows of ${tables ?? 0} tables read in ${span(proofSeconds)}`,
  ].join(", ");

const frozenWords = ({
  bucket,
  key,
  bytes,
  retainUntil,
}: NonNullable<RestoreTestRecord["frozen"]>) =>
  `${sizeOf(bytes)} until ${retainUntil.slice(0, 10)}: s3://${bucket}/${key}`;

const span = (seconds = 0) =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : formatDuration(Math.round(seconds));
