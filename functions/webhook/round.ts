import { createHash } from "node:crypto";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { HOOK_HOURS, retryMinutes, type Webhook } from "../../lib/sla/webhook.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { Answer, Outgoing } from "./contract.ts";
import type { Outbox } from "./outbox.ts";
import type { Send } from "./post.ts";
import { type Secrets, signedHeaders } from "./signature.ts";

export interface Sender {
  readonly ledger: Ledger;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly send: Send;
  /** Rejects with `BadSecret`, or where nobody can be asked. */
  readonly secrets: { read(name: string): Promise<Secrets> };
}

/** What a round did for a webhook, in events. */
export interface Sent {
  readonly webhook: string;
  readonly delivered: number;
  readonly failed: number;
  readonly givenUp: number;
  /** That it found waiting or given up: without any, nothing can be stuck. */
  readonly open: number;
  /** Of the last that failed. */
  readonly said?: string;
}

/** Incidents at once: the events of one incident leave one after the other, in their order. */
const LANES = 4;
/** So many in a row that nobody took: the others wait for the next round, which will not be worse. */
const PATIENCE = 3;
/** Attempts, of about a quarter of an hour. */
const OVERTAKEN_AFTER = 5;
/** Milliseconds after which a round begins with no other event; the function lives longer than the last of them. */
const ROUND_MS = 75_000;

/** Sends what is due, to all webhooks at once. Rejects if the ledger does not answer. */
export function rounds(office: Sender): (fleet: Fleet) => Promise<readonly Sent[]> {
  return async ({ provider: { webhooks = [] } }) =>
    Promise.all(webhooks.map((hook) => roundOf(hook, office)));
}

async function roundOf(hook: Webhook, office: Sender): Promise<Sent> {
  const { clock, outbox } = office;
  const beganMs = clock.now().getTime();
  const found = await outbox.recent(hook.name);
  const waiting = found.filter(({ state }) => state === "waiting");
  const open = waiting.length + found.filter(({ state }) => state === "given-up").length;
  const incidents = [...Map.groupBy(waiting.toSorted(byTime), incidentOf).values()];
  const tally = new Tally(hook.name, open);
  const isTired = () => tally.isTired || clock.now().getTime() - beganMs > ROUND_MS;
  await inLanes(LANES, incidents, async (events) => {
    for (const each of events) {
      if (isTired()) return;
      const after = await taken(each);
      if (isInTheWay(after)) return;
    }
  });
  return tally.sent;

  async function taken(each: Outgoing): Promise<Outgoing | undefined> {
    if (Date.parse(each.dueAt) > beganMs) return each;
    const after = await attempt(each, hook, office);
    tally.count(after);
    return after;
  }
}

class Tally {
  #sent: Sent;
  #inARow = 0;

  constructor(webhook: string, open: number) {
    this.#sent = { webhook, delivered: 0, failed: 0, givenUp: 0, open };
  }

  get sent(): Sent {
    return this.#sent;
  }

  get isTired(): boolean {
    return this.#inARow >= PATIENCE;
  }

  count(after: Outgoing | undefined): void {
    if (after === undefined) return;
    const { delivered, failed, givenUp } = this.#sent;
    const isTaken = after.state === "delivered";
    this.#inARow = isTaken ? 0 : this.#inARow + 1;
    this.#sent = isTaken
      ? { ...this.#sent, delivered: delivered + 1 }
      : {
          ...this.#sent,
          failed: failed + 1,
          givenUp: givenUp + Number(after.state === "given-up"),
          ...(after.last && { said: after.last.said }),
        };
  }
}

const incidentOf = ({ event: { instance, incident } }: Outgoing) => `${instance}/${incident}`;

/** What follows of its incident would overtake it; but one that a receiver never takes must not keep the rest back for a day. */
const isInTheWay = (event: Outgoing | undefined) =>
  event === undefined || (event.state === "waiting" && event.attempts < OVERTAKEN_AFTER);

const byTime = (one: Outgoing, other: Outgoing) =>
  one.since === other.since ? one.place - other.place : one.since < other.since ? -1 : 1;

/** Undefined: somebody else is at it, or was. The next attempt is written before this one is made: who dies over it is not asked again at once. */
async function attempt(
  { webhook, event, since }: Outgoing,
  hook: Webhook,
  { ledger, clock, send, secrets }: Sender,
): Promise<Outgoing | undefined> {
  const key = keys.hook(webhook, since.slice(0, 10), event.id);
  const now = clock.now();
  const held = await ledger.read<Outgoing>(key);
  if (held?.value.state !== "waiting" || Date.parse(held.value.dueAt) > now.getTime())
    return undefined;
  const attempts = held.value.attempts + 1;
  const waitMs = clock.paced(retryMinutes(attempts, chanceOf(event.id, attempts)) * 60);
  const dueAt = new Date(now.getTime() + waitMs).toISOString();
  const tried: Outgoing = { ...held.value, attempts, dueAt };
  if (!(await ledger.replace(key, tried, held.tag))) return undefined;
  const body = JSON.stringify(event);
  const answer = await answerTo(async () => {
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const known = await secrets.read(hook.secret);
    return send({
      url: hook.url,
      headers: signedHeaders({ id: event.id, body }, known, seconds),
      body,
    });
  });
  const isLate = now.getTime() - Date.parse(since) > clock.paced(HOOK_HOURS * 3600);
  return rewrite<Outgoing>(ledger, key, (there) => {
    if (there?.attempts !== attempts) return undefined;
    const state = answer.ok ? "delivered" : isLate ? "given-up" : "waiting";
    return { ...there, state, last: { ...answer, at: clock.now().toISOString() } };
  });
}

/** A secret that is wrong is as good as a receiver that does not answer: it may be mended in time. */
export async function answerTo(send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (cause) {
    return { ok: false, said: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** From 0 to 1, by chance as far as receivers are concerned. */
const chanceOf = (id: string, attempt: number): number =>
  (createHash("sha256").update(`${id}/${attempt}`).digest()[0] ?? 0) / 255;
