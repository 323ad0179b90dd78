import type { Destination } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { bringFiles, lackingFiles } from "./bring-files.ts";
import type { Delivery, DeliveryState, SentFiles } from "./contract.ts";
import { dueOf, leftOvers, outdated, type Standing } from "./due.ts";
import { beginningOf, manifestOf } from "./names.ts";
import type { Depot } from "./ports.ts";
import type { Opener } from "./seal.ts";
import { send } from "./send.ts";
import { brokenToday, isTriedToday, putDelivery, recordsOf } from "./state.ts";
import { fitsIn } from "./timing.ts";
import type { DeliverWorld } from "./world.ts";

/** What has come of an invocation so far. */
export interface Done {
  readonly sent: Delivery[];
  readonly removed: string[];
  files?: SentFiles;
  /** Passed over, because they are not what their manifests say. */
  readonly broken: Broken[];
  /** All dumps that were due have been tried, or passed over. */
  looked: boolean;
  /** There is more to bring, and time is over. */
  unfinished: boolean;
}

export interface Broken {
  readonly backup: string;
  /** Absent: known of a look before. */
  readonly detail?: string;
}

export interface Work {
  readonly instance: string;
  readonly place: string;
  readonly copies: readonly FrozenCopy[];
  readonly done: Done;
  readonly before: DeliveryState;
}

/** To a place that is open. */
interface Bringing extends Work {
  readonly world: DeliverWorld;
  readonly destination: Destination;
  readonly depot: Depot;
  readonly opener: Opener;
}

/** Tidies up what broke off, then dumps, then files of the newest, then what newer ones stand in for; `done` says how far it came. */
export async function bring(bringing: Bringing): Promise<void> {
  const { destination, depot, done } = bringing;
  const standing = await look(bringing);
  for (const name of leftOvers(standing)) {
    await depot.remove(name);
    done.removed.push(name);
  }
  await bringDumps(bringing, standing);
  done.looked = !done.unfinished;
  if (!done.unfinished) await bringItsFiles(bringing, standing);
  if (destination.keep && !done.unfinished) await rotate(bringing);
}

const look = async (bringing: Bringing): Promise<Standing> => {
  const { world, destination, depot, instance, copies } = bringing;
  const { keep } = destination;
  return {
    ...{ instance, copies, ...(keep && { keep }) },
    records: await recordsOf(world.ledger, instance, destination),
    lying: await depot.list(beginningOf(instance)),
  };
};

const sendingOf = ({ instance, opener, depot, world: { clock, signal } }: Bringing) => ({
  ...{ instance, opener, depot, clock, signal },
});

async function bringDumps(bringing: Bringing, standing: Standing): Promise<void> {
  const { world, place, done, before } = bringing;
  const { ledger, clock, shelf, leaves } = world;
  const known = brokenToday(before, clock);
  for (const copy of dueOf(standing)) {
    if (known.has(copy.backup)) {
      done.broken.push({ backup: copy.backup });
      continue;
    }
    if (!fitsIn(leaves.getTime() - clock.now().getTime(), copy.dump.bytes, done.sent)) {
      done.unfinished = true;
      return;
    }
    const sent = await send({ ...sendingOf(bringing), place, shelf }, copy).catch(brokenIn);
    if (typeof sent === "string") {
      done.broken.push({ backup: copy.backup, detail: sent });
      continue;
    }
    await putDelivery(ledger, sent);
    done.sent.push(sent);
  }
}

/** That one dump is broken is no fault of the place, nor of those behind it. */
function brokenIn(cause: unknown): string {
  if (cause instanceof SlaError && cause.code === "DumpBroken") return cause.message;
  throw cause;
}

async function bringItsFiles(bringing: Bringing, { records }: Standing): Promise<void> {
  const { world, destination, copies, done, before } = bringing;
  const lacking = lackingFiles(destination, copies.at(-1), [...done.sent, ...records]);
  if (!lacking || isTriedToday(before, world.clock)) return;
  const { files, leaves, ledger } = world;
  const sending = sendingOf(bringing);
  const brought = await bringFiles({ sending, files, ledger, leaves, sent: done.sent }, lacking);
  if (brought === "later") done.unfinished = true;
  else if (brought) done.files = brought;
}

async function rotate(bringing: Bringing): Promise<void> {
  const { world, depot, done } = bringing;
  for (const record of outdated(await look(bringing))) {
    const both = [record.files?.name, record.name].filter((name) => name !== undefined);
    // The manifest goes last: until then it says whose the file is.
    for (const name of both.flatMap((each) => [each, manifestOf(each)])) await depot.remove(name);
    await putDelivery(world.ledger, { ...record, removedAt: world.clock.now().toISOString() });
    done.removed.push(record.name);
  }
}
