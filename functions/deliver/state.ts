import { destinationPlace } from "../../lib/sla/destination.ts";
import type { Destination } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Entry, Ledger } from "../ledger/ledger.ts";
import { type Delivery, type DeliveryState, type Fault, FILE_FAULTS } from "./contract.ts";
import type { FileShelf } from "./ports.ts";

const DAY_SECONDS = 86_400;

const isToday = (at = "", clock: Clock): boolean =>
  clock.now().getTime() - Date.parse(at) < clock.paced(DAY_SECONDS);

/** Files that did not get there are tried again after a day. */
export const isTriedToday = ({ filesTriedAt }: DeliveryState, clock: Clock): boolean =>
  isToday(filesTriedAt, clock);

/** Broken dumps that are not tried again yet: a customer's line is not ours to fill every hour. */
export const brokenToday = ({ broken }: DeliveryState, clock: Clock): ReadonlySet<string> =>
  new Set(isToday(broken?.triedAt, clock) ? broken?.backups : []);

export type Rests = "busy" | "all is there" | "too slow yesterday";

interface Around {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly files: FileShelf;
}

/** What was known of an instance before. */
export interface Known {
  readonly instance: string;
  readonly entry: Entry<DeliveryState> | undefined;
  readonly newest: FrozenCopy | undefined;
}

/** Why nothing is to be done. A destination is the customer's: it is looked into when there is something to bring, and once a day. */
export async function restsOf(
  { clock, ledger, files }: Around,
  destination: Destination,
  { instance, entry, newest }: Known,
): Promise<Rests | undefined> {
  if (!entry) return undefined;
  const { busyUntil = "", trouble, place } = entry.value;
  if (clock.now().toISOString() < busyUntil) return "busy";
  if (place !== destinationPlace(destination)) return undefined;
  // A quarter of an hour of somebody's line for nothing, every hour, would be too much.
  if (trouble?.code === "DeliveryTooSlow" && isToday(trouble.triedAt, clock)) {
    return "too slow yesterday";
  }
  if (hasToLook(entry.value, clock)) return undefined;
  const wantsFiles = destination.files === true && !isTriedToday(entry.value, clock);
  const lists = wantsFiles ? files : undefined;
  const isThere =
    !newest ||
    brokenToday(entry.value, clock).has(newest.backup) ||
    (await isBrought(ledger, destination, { instance, newest, lists }));
  return isThere ? "all is there" : undefined;
}

interface Newest {
  readonly instance: string;
  readonly newest: FrozenCopy;
  /** Present where files are wanted. */
  readonly lists: FileShelf | undefined;
}

/** The newest dump; with its files, as soon as it is written which they are. */
async function isBrought(
  ledger: Ledger,
  destination: Destination,
  { instance, newest: { backup }, lists }: Newest,
): Promise<boolean> {
  const entry = await ledger.read<Delivery>(keys.delivery(instance, backup));
  if (!entry || !isFor(destination, entry.value)) return false;
  return entry.value.files !== undefined || !(await lists?.manifest(instance, backup));
}

function hasToLook({ trouble, unfinished, lookedAt }: DeliveryState, clock: Clock): boolean {
  const isIll = trouble !== undefined && !DOOR_IS_WELL.has(trouble.code);
  return isIll || unfinished === true || !isToday(lookedAt, clock);
}

/** No reason to knock at a customer's door every hour. */
export const DOOR_IS_WELL: ReadonlySet<Fault> = new Set([
  "DumpsLate",
  "DumpBroken",
  ...FILE_FAULTS,
]);

/** What was sent elsewhere, or opens with another key, does not count. */
const isFor = (destination: Destination, { place, recipient }: Delivery): boolean =>
  place === destinationPlace(destination) && recipient === destination.recipient;

/** Takes an instance for as long as an invocation may last. Its state without what was of another place; undefined if somebody else was first. */
export async function lease(
  ledger: Ledger,
  entry: Entry<DeliveryState> | undefined,
  { instance, place }: Pick<DeliveryState, "instance" | "place">,
  until: Date,
): Promise<DeliveryState | undefined> {
  const { trouble, last, lookedAt, filesTriedAt, broken } = entry?.value ?? {};
  const isSame = entry?.value.place === place;
  const state: DeliveryState = {
    ...{ instance, place },
    ...(trouble && { trouble }),
    ...(isSame && last && { last }),
    ...(isSame && lookedAt !== undefined && { lookedAt }),
    ...(isSame && filesTriedAt !== undefined && { filesTriedAt }),
    ...(isSame && broken && { broken }),
  };
  const key = keys.delivering(instance);
  const busy: DeliveryState = { ...state, busyUntil: until.toISOString() };
  const isOurs = entry ? ledger.replace(key, busy, entry.tag) : ledger.create(key, busy);
  return (await isOurs) ? state : undefined;
}

const LANES = 16;

/** What was sent to this destination, for whom it is meant now. */
export async function recordsOf(
  ledger: Ledger,
  instance: string,
  destination: Destination,
): Promise<readonly Delivery[]> {
  const listed = await ledger.list(prefixes.deliveries(instance));
  const read = await inLanes(LANES, listed, async ({ key }) => ledger.read<Delivery>(key));
  return read.flatMap((entry) => (entry && isFor(destination, entry.value) ? [entry.value] : []));
}

export const putDelivery = (ledger: Ledger, delivery: Delivery) =>
  put(ledger, keys.delivery(delivery.instance, delivery.backup), delivery);

/** Gives the instance back as well. */
export const putState = (ledger: Ledger, state: DeliveryState) =>
  put(ledger, keys.delivering(state.instance), state);

/** Only who has the lease writes. */
async function put(ledger: Ledger, key: string, value: unknown): Promise<void> {
  const entry = await ledger.read(key);
  await (entry ? ledger.replace(key, value, entry.tag) : ledger.create(key, value));
}
