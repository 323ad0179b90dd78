import { excusesDestination } from "../../lib/sla/destination.ts";
import type { Done } from "./bring.ts";
import type { Delivery, DeliveryState } from "./contract.ts";
import { DOOR_IS_WELL, putState } from "./state.ts";
import { type Failure, told } from "./telling.ts";
import type { DeliverWorld } from "./world.ts";

interface Ended {
  readonly at: string;
  readonly done: Done;
  readonly failure: Failure | undefined;
  /** Files were, and did not get there. */
  readonly isTried: boolean;
}

/** What may heal by itself is told after three attempts. */
const PATIENCE_SECONDS = 2 * 3600;

/** People hear before the record is written that remembers it: one that is told twice is better than one that is forgotten. */
export async function settle(
  {
    fleet,
    ledger,
    messenger,
    clock,
  }: Pick<DeliverWorld, "fleet" | "ledger" | "messenger" | "clock">,
  before: DeliveryState,
  { at, done, failure, isTried }: Ended,
): Promise<void> {
  const { instance, place } = before;
  const plan = fleet.plans[fleet.instances.find(({ id }) => id === instance)?.plan ?? ""];
  const { notice, trouble } = told({
    ...{ before, failure, at, instance, place },
    isExcused: plan !== undefined && excusesDestination(plan),
    patienceMs: clock.paced(PATIENCE_SECONDS),
  });
  if (notice) await messenger.notify({ notices: [notice] });
  const { trouble: _, filesTriedAt: __, broken: ___, ...rest } = before;
  await putState(ledger, {
    ...rest,
    ...((!failure || DOOR_IS_WELL.has(failure.code)) && { lookedAt: at }),
    ...triedAt(before, { at, done, isTried }),
    ...brokenOf(before, { at, done }),
    ...(done.unfinished && { unfinished: true }),
    ...lastOf(rest, done.sent),
    ...(trouble && { trouble }),
  });
}

function triedAt(
  { filesTriedAt }: DeliveryState,
  { at, done, isTried }: Pick<Ended, "at" | "done" | "isTried">,
): Pick<DeliveryState, "filesTriedAt"> {
  if (isTried) return { filesTriedAt: at };
  return done.files || filesTriedAt === undefined ? {} : { filesTriedAt };
}

/** What was not tried again keeps the instant of its last attempt; where nobody came so far, all of it is as it was. */
function brokenOf(
  { broken }: DeliveryState,
  { at, done }: Pick<Ended, "at" | "done">,
): Pick<DeliveryState, "broken"> {
  if (done.broken.length === 0) return done.looked ? {} : { ...(broken && { broken }) };
  const isTried = done.broken.some(({ detail }) => detail !== undefined);
  const backups = done.broken.map(({ backup }) => backup);
  return { broken: { backups, triedAt: isTried ? at : (broken?.triedAt ?? at) } };
}

function lastOf(
  { last }: Pick<DeliveryState, "last">,
  sent: readonly Delivery[],
): Pick<DeliveryState, "last"> {
  const newest = sent.toSorted((one, other) => (one.takenAt < other.takenAt ? -1 : 1)).at(-1);
  return newest && (last?.takenAt ?? "") <= newest.takenAt ? { last: shortOf(newest) } : {};
}

const shortOf = ({ backup, takenAt, deliveredAt, name, encrypted }: Delivery) => ({
  ...{ backup, takenAt, deliveredAt, name, encrypted },
});
