import { randomBytes } from "node:crypto";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { NoticeKind } from "../../lib/sla/notices.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import { type AckSeal, type Call, replyCallId } from "../oncall/contract.ts";
import type { Notice } from "./contract.ts";
import { isPart } from "./digest.ts";
import { TITLES } from "./titles.ts";

interface Wanting {
  /** Until the incident is over by itself; without it only these notices, or a person, end it. */
  readonly withIncident: boolean;
  readonly endedBy: readonly NoticeKind[];
  /** Until the watch of its site is heard. */
  readonly withSilence?: true;
  /** It may want a person when the incident is over, and more than once: told apart by this. Undefined: not this one. */
  readonly idOf?: (notice: Notice) => string | undefined;
}

const WHILE_OPEN: Wanting = { withIncident: true, endedBy: ["incident-closed"] };

/** Which notices want a person until somebody acknowledges. */
const WANTING: Readonly<Partial<Record<NoticeKind, Wanting>>> = {
  "incident-opened": WHILE_OPEN,
  "application-down": WHILE_OPEN,
  "recovery-needed": WHILE_OPEN,
  "approval-wanted": { withIncident: true, endedBy: ["incident-closed", "failover-done"] },
  "failover-halted": { withIncident: true, endedBy: ["incident-closed", "failover-done"] },
  "region-lost": { withIncident: true, endedBy: [] },
  "site-silent": { withIncident: false, withSilence: true, endedBy: ["site-heard"] },
  "fence-debt-owed-again": { withIncident: false, endedBy: [], idOf: fenceId },
  "reply-due": { withIncident: false, endedBy: [], idOf: replyId },
  "reply-missed": { withIncident: false, endedBy: [], idOf: replyId },
};

/** A fence that is paid may be taken off again another night: that is another call. */
function fenceId({ incident, debt, at }: Notice): string {
  return `${incident}-fence-${(debt?.lookedAt ?? at).replace(/\D/g, "")}`;
}

/** Where the plan lets nobody be called for it, it is a mail and no more. */
function replyId({ reply }: Notice): string | undefined {
  return reply && replyCallId(reply.ticket, reply.due);
}

/** What is acknowledged of a notice that wants a person; undefined for one that does not. */
export function callIdOf(notice: Notice): string | undefined {
  const wanting = WANTING[notice.kind];
  if (!wanting || isPart(notice)) return undefined;
  return wanting.idOf ? wanting.idOf(notice) : notice.incident;
}

const LANES = 16;
const ENDING: ReadonlySet<NoticeKind> = new Set(
  Object.values(WANTING).flatMap(({ endedBy }) => endedBy),
);

/** The notices that open and end calls. Without anybody on call there are none. */
export class Calls {
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * A call that is known stays as it is: who has acknowledged an incident is not called for it again. Resolves to the notices that
   * could not be heard, and why: they have to be told here again.
   */
  async hear(
    notices: readonly Notice[],
    { provider }: Fleet,
  ): Promise<ReadonlyMap<Notice, unknown>> {
    const { onCall } = provider;
    if (!onCall) return new Map();
    const asked = [...new Set([provider.contact, ...onCall.map(({ contact }) => contact)])];
    const failed = new Map<Notice, unknown>();
    const sealing = notices.some((notice) => callIdOf(notice) !== undefined)
      ? this.#seal()
      : Promise.resolve();
    const heard = (work: (notice: Notice) => Promise<void>) =>
      inLanes(LANES, notices, (notice) =>
        work(notice).catch((cause: unknown) => failed.set(notice, cause)),
      );
    await sealing.catch(() => undefined);
    await heard(async (notice) => {
      if (callIdOf(notice) === undefined) return;
      await sealing;
      await this.#open(notice, asked);
    });
    await heard((notice) => this.#end(notice));
    return failed;
  }

  /** Whether somebody who is to be called still is. Rejects if the ledger does not answer. */
  async isWanted({ kind, instance, incident }: Notice): Promise<boolean> {
    if (kind !== "person-called") return true;
    const call = (await this.#ledger.read<Call>(keys.call(instance, incident)))?.value;
    if (call && (call.over || call.overAt !== undefined)) return false;
    return (await this.#ledger.read(keys.ack(instance, incident))) === undefined;
  }

  async #open(notice: Notice, asked: readonly string[]): Promise<void> {
    const { kind, instance, incident, lines, debt, reply } = notice;
    const [wanting, id] = [WANTING[kind], callIdOf(notice)];
    if (!wanting || id === undefined) return;
    const { withIncident, withSilence, endedBy } = wanting;
    await this.#ledger.create(keys.call(instance, id), {
      ...{ instance, id, incident, title: TITLES[kind], lines, asked, withIncident, endedBy },
      ...(debt && { withDebt: debt }),
      ...(reply && { withReply: reply }),
      ...(withSilence && { withSilence }),
      ...{ openedAt: this.#clock.now().toISOString(), called: [], over: false },
    } satisfies Call);
  }

  async #end({ kind, instance, incident }: Notice): Promise<void> {
    if (!ENDING.has(kind)) return;
    const overAt = this.#clock.now().toISOString();
    await rewrite<Call>(this.#ledger, keys.call(instance, incident), (call) =>
      call && !call.over && call.endedBy.includes(kind) ? { ...call, overAt } : undefined,
    );
  }

  async #seal(): Promise<void> {
    const seal: AckSeal = { secret: randomBytes(32).toString("base64url") };
    await this.#ledger.create(keys.ackSeal(), seal);
  }
}
