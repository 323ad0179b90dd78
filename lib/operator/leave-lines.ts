import type { FinalFiles } from "./final-files.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";
import type { Remains } from "./remains.ts";
import { sizeOf } from "./size.ts";

/** What `--yes` would do. */
export function intention(
  instance: string,
  { withoutExport }: { readonly withoutExport: boolean },
): readonly string[] {
  const dumped = withoutExport
    ? "no dump is made: --without-export"
    : "a fresh dump is made, proven, locked and linked (it restores the whole database once); first stop the application, or what is written meanwhile is not in it";
  return [
    `${instance} would leave:`,
    ...hanging("  export  ", dumped),
    ...hanging(
      "  ends    ",
      "looks, heartbeats, failovers, backups, their rotation, restore tests and replicated files",
    ),
    ...hanging(
      "  stays   ",
      "databases, records, backups, files and evidence: a person deletes them",
    ),
  ];
}

/** What is left, until when, and how it goes. Commands stay in one piece. */
export function remainsLines(
  { frozen, backups, images, next }: Remains,
  timezone: string,
): readonly string[] {
  const local = localTime(timezone);
  return [
    ...(frozen.length === 0 ? hanging("  locked  ", "no frozen copies") : []),
    ...frozen.flatMap(({ takenAt, retainUntil, backup }) =>
      hanging("  locked  ", `until ${local(retainUntil)}: data of ${local(takenAt)} (${backup})`),
    ),
    ...Object.entries(backups).flatMap(([region, ids]) =>
      hanging("  backups ", `${ids.length} in ${region}, until a person deletes them`),
    ),
    ...Object.entries(images).flatMap(([region, names]) =>
      hanging("  images  ", `${names.length} in ${region}, until a person deletes them`),
    ),
    "",
    "What the provider does next, once nobody needs it any more:",
    ...next.map((line) => `  ${line}`),
  ];
}

/** How whoever leaves gets the files: no link leads to them. */
export function filesLines(found: FinalFiles, timezone: string): readonly string[] {
  const { files, bytes, filesAt, region, instance, backup } = found;
  return [
    ...hanging(
      "  files   ",
      `${files}, ${sizeOf(bytes)}, as of ${localTime(timezone)(filesAt)}; no link leads to them. Exactly these versions, to an empty place from which they are handed over:`,
    ),
    `    npx sla restore-files ${instance} --backup ${backup} --region ${region} --to s3://BUCKET/PREFIX`,
    `    aws s3 sync s3://BUCKET/PREFIX ${instance}-files`,
  ];
}
