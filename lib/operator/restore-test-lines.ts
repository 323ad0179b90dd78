import type { RestoreTestRecord } from "../../functions/restore/contract.ts";
import type { ImageTestRecord } from "../../functions/restore/image-contract.ts";
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

/** Likewise of an image. */
export function imageTestLines(record: ImageTestRecord, timezone: string): readonly string[] {
  const { instance, image, region, ok, failure, takenAt, endedAt, bootSeconds, machine } = record;
  const local = localTime(timezone);
  const disks = takenAt === undefined ? "" : `, disks of ${local(takenAt)}`;
  const came = `${machine} came up in ${span(bootSeconds)}: both of EC2's checks were passed`;
  return [
    ...hanging(`${instance}: `, `${image} in ${region}${disks}; tested ${local(endedAt)}`),
    ...(failure ? hanging("  ✗ ", `${failure.code}: ${failure.message}`) : []),
    ...(ok ? hanging("  PROVEN ", came) : ["  NOT PROVEN: docs/runbook.md#image-tests-failing"]),
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
