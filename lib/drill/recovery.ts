import type { Seat } from "../sla/roles.ts";
import { PAGE_TABLE } from "./application-sql.ts";
import { type ByHand, visitsOn } from "./by-hand.ts";
import type { Happening } from "./drill.ts";
import type { Begun } from "./person.ts";
import type { Dropped, Recovery } from "./result.ts";
import { newestRoles } from "./roles-now.ts";
import { namesOf } from "./witness.ts";

/** What came of a recovery by hand, counted when nobody writes any more; undefined: the fault called for none. */
export async function recoveryOf(
  happening: Happening,
  present: ReadonlySet<number>,
): Promise<Recovery | undefined> {
  const { run, byHand, faultAt } = happening;
  if (!byHand) return undefined;
  const { toldAt, askedAt, command, begun, before, wentBackTo, failure } = byHand;
  const seconds = (at: number | null) => (at === null ? null : (at - faultAt) / 1000);
  const at = restoredTo(byHand);
  const rows = rowsUntil(happening, at);
  const after = await newestRoles(run);
  const table = await droppedTable(happening);
  return {
    ...{ command, toldSeconds: seconds(toldAt), askedSeconds: seconds(askedAt) },
    ...restored(begun),
    at: begun || wentBackTo !== undefined ? new Date(at).toISOString() : null,
    rows: rows.length,
    rowsMissing: rows.filter((id) => !present.has(id)).length,
    ...(table && { table }),
    epochs: [before.epoch, after.epoch],
    former: (after.former ?? []).map(seatWords),
    gone: [before.primary, ...(before.standby ? [before.standby] : [])].map(seatWords),
    untold: untoldIn(happening),
    answers: await answersOf(happening),
    ...(failure !== undefined && { failure }),
  };
}

/** Milliseconds since 1970. */
const restoredTo = ({ begun, wentBackTo }: ByHand): number =>
  wentBackTo ?? Date.parse(begun?.takes.at ?? "1970-01-01");

function restored(begun: Begun | undefined) {
  if (!begun) return { database: null, region: null, app: null, from: null };
  const { database, app = null, from, id } = begun.takes;
  return { database, region: begun.region, app, from: id === undefined ? from : `${from} ${id}` };
}

const seatWords = ({ database, region }: Seat) => `${database} (${region})`;

const rowsUntil = ({ run, faultAt }: Happening, until: number): number[] =>
  rowsBefore(run.stage.estate.writers.acknowledged(run.victim.id), Math.min(until, faultAt));

/**
 * Ids of what was acknowledged before an instant, in milliseconds since 1970. Acknowledgements lack the fraction of their millisecond: one of
 * the instant's own millisecond may have been committed after it, and is rightly not restored.
 */
export const rowsBefore = (
  acknowledged: readonly { readonly id: number; readonly at: number }[],
  until: number,
): number[] => acknowledged.filter(({ at }) => at < until).map(({ id }) => id);

async function droppedTable({ run, byHand }: Happening): Promise<Dropped | undefined> {
  if (!byHand || run.fault.restores !== "just before") return undefined;
  const { begun, visits } = byHand;
  const after = begun
    ? await visitsOn(run, begun.region, begun.takes.database).catch(() => null)
    : null;
  return { name: PAGE_TABLE, before: visits, after };
}

function untoldIn({ run, events, faultAt }: Happening): readonly string[] {
  const heard = new Set(
    events
      .filter(({ at, operation }) => at >= faultAt && operation === "EmailDelivered")
      .filter(({ detail }) => /failover done/i.test(String(detail["subject"])))
      .map(({ detail }) => String(detail["to"])),
  );
  return run.victim.contacts.filter((each) => !heard.has(each));
}

/** Each name server by itself: one that was not told would lead some clients astray. */
async function answersOf({ run }: Happening): Promise<readonly string[]> {
  const { cloud } = run.stage;
  const said = await Promise.all(
    cloud.ground.dnsServers.map((server) => namesOf({ cloud }, run.victim, [server])),
  );
  return [...new Set(said)];
}
