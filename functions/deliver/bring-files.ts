import type { Destination } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Delivery, SentFiles } from "./contract.ts";
import type { FileShelf } from "./ports.ts";
import type { Sending } from "./send.ts";
import { archiveBytes, sendFiles } from "./send-files.ts";
import { putDelivery } from "./state.ts";
import { fitsIn } from "./timing.ts";

interface Bringing {
  readonly sending: Omit<Sending, "shelf" | "place">;
  readonly files: FileShelf;
  readonly ledger: Ledger;
  /** When nobody may wait any more. */
  readonly leaves: Date;
  /** In this invocation. */
  readonly sent: readonly Delivery[];
}

/**
 * The files of the newest dump, which lies there: `later` where no time is left for them, undefined where there are none to send.
 * Rejects with FilesTooSlow if a whole invocation was not enough.
 */
export async function bringFiles(
  { sending, files, ledger, leaves, sent }: Bringing,
  record: Delivery,
): Promise<SentFiles | "later" | undefined> {
  const { instance, clock } = sending;
  const manifest = await files.manifest(instance, record.backup);
  if (!manifest) return undefined;
  const leftMs = leaves.getTime() - clock.now().getTime();
  if (!fitsIn(leftMs, archiveBytes(manifest), sent)) return "later";
  try {
    const archive = await sendFiles(sending, files, manifest, record);
    await putDelivery(ledger, { ...record, files: archive });
    return archive;
  } catch (cause) {
    const isLate = cause instanceof SlaError && cause.code === "DeliveryTooSlow";
    if (!isLate) throw cause;
    if (sent.length > 0) return "later";
    throw new SlaError("FilesTooSlow", "operator", cause.message, { cause });
  }
}

/** The record of the newest dump, if its files are still to come. */
export const lackingFiles = (
  { files }: Pick<Destination, "files">,
  newest: FrozenCopy | undefined,
  records: readonly Delivery[],
): Delivery | undefined =>
  files && newest
    ? records.find(({ backup, files: sent }) => backup === newest.backup && sent === undefined)
    : undefined;
