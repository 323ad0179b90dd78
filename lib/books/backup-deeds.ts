import { z } from "zod";
import { type BackupDeed, DEED_KINDS } from "../sla/books/happenings.ts";
import { instant, type Read } from "./happened.ts";

const deeds = z.object({
  at: instant,
  region: z.string(),
  deeds: z.array(
    z.object({
      kind: z.string(),
      id: z.string(),
      instance: z.string(),
      region: z.string().optional(),
      to: z.string().optional(),
      answer: z.string(),
      wasNothing: z.boolean().optional(),
    }),
  ),
});

const DONE: readonly string[] = ["accepted", "already"];

const KINDS = z.enum(DEED_KINDS);

/** Nothing of a record that nobody can read, or that lies under another's key. */
export function backupsIn(
  key: string,
  copy: Read,
  isItsKey: (at: string, region: string) => boolean,
): readonly BackupDeed[] {
  const read = deeds.safeParse(copy).data;
  if (!read || !isItsKey(read.at, read.region)) return [];
  return read.deeds.flatMap(({ id, instance, region, to, answer, wasNothing, ...deed }) => {
    const kind = KINDS.safeParse(deed.kind).data;
    const place = kind === "copy" || kind === "copy-image" ? to : region;
    if (!kind || place === undefined || !DONE.includes(answer)) return [];
    const known = { key, instance, backup: id, kind, at: read.at, region: place };
    return [{ ...known, ...(wasNothing && { wasNothing }) }];
  });
}
