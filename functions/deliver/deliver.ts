import { destinationPlace } from "../../lib/sla/destination.ts";
import type { Destination, Fleet } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import { hasLeft } from "../ledger/fleet.ts";
import { bring, type Done, type Work } from "./bring.ts";
import {
  type Delivery,
  type DeliveryState,
  FAULTS,
  type Fault,
  FILE_FAULTS,
  type SentFiles,
} from "./contract.ts";
import { type Credentials, parseCredentials, secretsIn } from "./credentials.ts";
import { inTime, patient } from "./patient.ts";
import { settle } from "./settle.ts";
import { lease, putState, type Rests, restsOf } from "./state.ts";
import type { Failure } from "./telling.ts";
import { lateness } from "./timing.ts";
import type { DeliverWorld } from "./world.ts";

/** What came of it, for the log. */
export interface DeliverReport {
  readonly instance: string;
  /** Why nothing was done. */
  readonly rests?: Rests;
  readonly sent: readonly Delivery[];
  readonly removed: readonly string[];
  /** Backups whose dumps were passed over: they are not what their manifests say. */
  readonly broken?: readonly string[];
  /** Of the newest dump. */
  readonly files?: SentFiles;
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
  const done: Done = { sent: [], removed: [], broken: [], looked: false, unfinished: false };
  const job = { instance, place, copies, done, before };
  const failure = await work(world, destination, job).catch(async (cause: unknown) => {
    const fault = faultIn(cause);
    if (!fault) await putState(ledger, before);
    if (!fault) throw cause;
    // A line that has carried one dump is not too slow: the next was begun too late.
    if (fault.code !== "DeliveryTooSlow" || done.sent.length === 0) return fault;
    done.unfinished = true;
    return undefined;
  });
  const at = clock.now();
  const isLeaving = await hasLeft(ledger, instance);
  const known = failure ?? lasting(destination, newest, { before, done, clock, isLeaving });
  const { sent, removed, unfinished, files } = done;
  const broken = done.broken.map(({ backup }) => backup);
  const isTried = failure !== undefined && FILE_FAULTS.has(failure.code);
  await settle(world, before, { at: at.toISOString(), done, failure: known, isTried });
  return {
    ...{ instance, sent, removed, ...(files && { files }) },
    ...(broken.length > 0 && { broken }),
    ...(known && { failure: known }),
    ...(unfinished && !failure && { unfinished }),
  };
}

function destinationOf({ instances }: Fleet, id: string): Destination {
  const { destination } = instances.find((each) => each.id === id) ?? {};
  if (destination) return destination;
  throw new SlaError("UnknownInstance", "bug", `${id} has no destination in the deployed fleet`);
}

interface After {
  readonly before: DeliveryState;
  readonly done: Done;
  readonly clock: Clock;
  /** Nothing new is made then. */
  readonly isLeaving: boolean;
}

/** What is wrong although all went well. That dumps arrive is no news of the files which did not. */
function lasting(
  destination: Destination,
  newest: FrozenCopy | undefined,
  { before, done, clock, isLeaving }: After,
): Failure | undefined {
  const broken = brokenFailure(done, before);
  if (broken || done.unfinished) return broken;
  const late = isLeaving ? undefined : lateness(destination, newest, clock);
  const { trouble } = before;
  if (late || !trouble || done.files || !FILE_FAULTS.has(trouble.code)) return late;
  return { code: trouble.code, detail: trouble.detail };
}

/** All that are passed over, counted; news where one of them was not known before. */
function brokenFailure(
  { broken }: Done,
  { broken: known, trouble }: DeliveryState,
): Failure | undefined {
  const [newest] = broken;
  if (!newest) return undefined;
  const many = broken.length === 1 ? "1 dump is" : `${broken.length} dumps are`;
  const seen = broken.find(({ detail }) => detail !== undefined);
  const said = trouble?.code === "DumpBroken" ? trouble.detail.replace(/^[^:]*: /, "") : "";
  const fresh = broken.find(({ backup }) => !known?.backups.includes(backup));
  const detail = plain(`${many} passed over: ${seen?.detail ?? (said || newest.backup)}`);
  return { code: "DumpBroken", detail, ...(fresh && { news: fresh.backup }) };
}

async function work(world: DeliverWorld, destination: Destination, job: Work): Promise<undefined> {
  const { signal, openDepot, secrets } = world;
  const text = await secrets.read(destination.secret);
  const credentials = parseCredentials(destination, text);
  const opening = openDepot(destination, credentials, signal);
  try {
    const depot = await inTime(opening, signal, () => "nobody had answered");
    const { recipient } = destination;
    const { passphrase = "" } = credentials;
    const opener = recipient === undefined ? { passphrase } : { recipient };
    await bring({ ...job, world, destination, depot: patient(depot, signal), opener });
  } catch (cause) {
    throw withoutSecrets(cause, credentials);
  } finally {
    opening.then((depot) => depot.close()).catch(() => {});
  }
}

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
