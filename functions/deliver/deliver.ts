import { destinationPlace, excusesDestination } from "../../lib/sla/destination.ts";
import type { Destination, Fleet } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Delivery, type DeliveryState, FAULTS, type Fault } from "./contract.ts";
import { type Credentials, parseCredentials, secretsIn } from "./credentials.ts";
import { dueOf, leftOvers, outdated, type Standing } from "./due.ts";
import { beginningOf, manifestOf } from "./names.ts";
import { inTime, patient } from "./patient.ts";
import type { Depot, Messenger, OpenDepot, Secrets, Shelf } from "./ports.ts";
import { send } from "./send.ts";
import { lease, putDelivery, putState, type Rests, recordsOf, restsOf } from "./state.ts";
import { type Failure, told } from "./telling.ts";
import { fitsIn, lateness } from "./timing.ts";

export interface DeliverWorld {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly shelf: Shelf;
  readonly secrets: Secrets;
  readonly openDepot: OpenDepot;
  readonly messenger: Messenger;
  /** Aborted shortly before Lambda ends the invocation, which it does then. */
  readonly signal: AbortSignal;
  readonly until: Date;
  /** When the signal is aborted. */
  readonly leaves: Date;
}

/** What came of it, for the log. */
export interface DeliverReport {
  readonly instance: string;
  /** Why nothing was done. */
  readonly rests?: Rests;
  readonly sent: readonly Delivery[];
  readonly removed: readonly string[];
  readonly failure?: Failure;
  /** There is more to bring, and time is over: another invocation goes on at once. */
  readonly unfinished?: true;
}

/**
 * Sends what of an instance's frozen copies has not arrived at its destination, and tidies up what we have left there. What keeps it
 * from that is told, and tried again by the next look; it rejects for what is no fault of a destination.
 */
export async function deliver(world: DeliverWorld, instance: string): Promise<DeliverReport> {
  const { ledger, clock, shelf, until } = world;
  const destination = destinationOf(world.fleet, instance);
  const place = destinationPlace(destination);
  const entry = await ledger.read<DeliveryState>(keys.delivering(instance));
  const copies = await shelf.copies(instance);
  const newest = copies.at(-1);
  const rests = await restsOf(world, destination, { instance, entry, newest });
  if (rests) return { instance, rests, sent: [], removed: [] };
  const before = await lease(ledger, entry, { instance, place }, until);
  if (!before) return { instance, rests: "busy", sent: [], removed: [] };
  const done: Done = { sent: [], removed: [], unfinished: false };
  const failure = await work(world, destination, { instance, place, copies, done }).catch(
    async (cause: unknown) => {
      const fault = faultIn(cause);
      if (!fault) await putState(ledger, before);
      if (!fault) throw cause;
      // A line that has carried one dump is not too slow: the next was begun too late.
      if (fault.code !== "DeliveryTooSlow" || done.sent.length === 0) return fault;
      done.unfinished = true;
      return undefined;
    },
  );
  const at = clock.now();
  const known = failure ?? (done.unfinished ? undefined : lateness(destination, newest, clock));
  const { sent, removed, unfinished } = done;
  await settle(world, before, { at: at.toISOString(), done, failure: known });
  return {
    ...{ instance, sent, removed },
    ...(known && { failure: known }),
    ...(unfinished && !failure && { unfinished }),
  };
}

function destinationOf({ instances }: Fleet, id: string): Destination {
  const { destination } = instances.find((each) => each.id === id) ?? {};
  if (destination) return destination;
  throw new SlaError("UnknownInstance", "bug", `${id} has no destination in the deployed fleet`);
}

interface Done {
  readonly sent: Delivery[];
  readonly removed: string[];
  unfinished: boolean;
}

interface Work {
  readonly instance: string;
  readonly place: string;
  readonly copies: readonly FrozenCopy[];
  readonly done: Done;
}

async function work(world: DeliverWorld, destination: Destination, job: Work): Promise<undefined> {
  const { signal, openDepot, secrets } = world;
  const text = await secrets.read(destination.secret);
  const credentials = parseCredentials(destination, text);
  const opening = openDepot(destination, credentials, signal);
  try {
    const depot = await inTime(opening, signal, () => "nobody had answered");
    const { passphrase = "" } = credentials;
    await bring(world, destination, patient(depot, signal), { ...job, passphrase });
  } catch (cause) {
    throw withoutSecrets(cause, credentials);
  } finally {
    opening.then((depot) => depot.close()).catch(() => {});
  }
}

async function bring(
  world: DeliverWorld,
  destination: Destination,
  depot: Depot,
  { instance, place, copies, done, passphrase }: Work & { readonly passphrase: string },
): Promise<void> {
  const { ledger, clock, shelf, signal } = world;
  const { keep, recipient } = destination;
  const look = async (): Promise<Standing> => ({
    ...{ instance, copies, ...(keep && { keep }) },
    records: await recordsOf(ledger, instance, destination),
    lying: await depot.list(beginningOf(instance)),
  });
  const standing = await look();
  for (const name of leftOvers(standing)) {
    await depot.remove(name);
    done.removed.push(name);
  }
  const opener = recipient === undefined ? { passphrase } : { recipient };
  for (const copy of dueOf(standing)) {
    if (!fitsIn(world.leaves.getTime() - clock.now().getTime(), copy, done.sent)) {
      done.unfinished = true;
      return;
    }
    const sent = await send({ instance, place, opener, depot, shelf, clock, signal }, copy);
    await putDelivery(ledger, sent);
    done.sent.push(sent);
  }
  if (!keep) return;
  for (const record of outdated(await look())) {
    // The manifest goes last: until then it says whose the file is.
    for (const name of [record.name, manifestOf(record.name)]) await depot.remove(name);
    await putDelivery(ledger, { ...record, removedAt: clock.now().toISOString() });
    done.removed.push(record.name);
  }
}

interface Ended {
  readonly at: string;
  readonly done: Done;
  readonly failure: Failure | undefined;
}

/** What may heal by itself is told after three attempts. */
const PATIENCE_SECONDS = 2 * 3600;

/** People hear before the record is written that remembers it: one that is told twice is better than one that is forgotten. */
async function settle(
  { fleet, ledger, messenger, clock }: DeliverWorld,
  before: DeliveryState,
  { at, done, failure }: Ended,
): Promise<void> {
  const { instance, place } = before;
  const plan = fleet.plans[fleet.instances.find(({ id }) => id === instance)?.plan ?? ""];
  const { notice, trouble } = told({
    ...{ before, failure, at, instance, place },
    isExcused: plan !== undefined && excusesDestination(plan),
    patienceMs: clock.paced(PATIENCE_SECONDS),
  });
  if (notice) await messenger.notify({ notices: [notice] });
  const { trouble: _, ...rest } = before;
  const newest = done.sent.toSorted((one, other) => (one.takenAt < other.takenAt ? -1 : 1)).at(-1);
  const isNewer = newest && (rest.last?.takenAt ?? "") <= newest.takenAt;
  await putState(ledger, {
    ...rest,
    ...((!failure || failure.code === "DumpsLate") && { lookedAt: at }),
    ...(done.unfinished && { unfinished: true }),
    ...(isNewer && { last: shortOf(newest) }),
    ...(trouble && { trouble }),
  });
}

const shortOf = ({ backup, takenAt, deliveredAt, name, encrypted }: Delivery) => ({
  ...{ backup, takenAt, deliveredAt, name, encrypted },
});

function faultIn(cause: unknown): Failure | undefined {
  if (!(cause instanceof SlaError) || !Object.hasOwn(FAULTS, cause.code)) return undefined;
  return { code: cause.code as Fault, detail: plain(cause.message) };
}

const LONGEST_DETAIL = 300;

/** Others' servers have written parts of it. */
const plain = (text: string) =>
  text
    .replaceAll(/\p{C}+/gu, " ")
    .slice(0, LONGEST_DETAIL)
    .replace(/[\s.]+$/, "");

/** Whatever a server or a library says, no message of ours has a credential in it. */
function withoutSecrets(cause: unknown, credentials: Credentials): unknown {
  if (!(cause instanceof Error)) return cause;
  const message = secretsIn(credentials).reduce(
    (text, secret) => text.replaceAll(secret, "***"),
    cause.message,
  );
  if (message === cause.message) return cause;
  return cause instanceof SlaError
    ? new SlaError(cause.code, cause.blame, message)
    : new Error(message);
}
