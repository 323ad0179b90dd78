import { randomBytes } from "node:crypto";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { AckSeal, Call } from "../oncall/contract.ts";
import type { Notice, NoticeKind } from "./contract.ts";
import { isPart } from "./digest.ts";
import { TITLES } from "./titles.ts";

interface Wanting {
  /** Until the incident is over by itself; without it only these notices, or a person, end it. */
  readonly withIncident: boolean;
  readonly endedBy: readonly NoticeKind[];
  /** It may want a person when the incident is over: told apart by this. */
  readonly ending?: string;
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
  "site-silent": { withIncident: false, endedBy: ["site-heard"] },
  "fence-debt-owed-again": { withIncident: false, endedBy: ["fence-debt-paid"], ending: "-fence" },
};

/** What is acknowledged of a notice that wants a person; undefined for one that does not. */
export function callIdOf(notice: Notice): string | undefined {
  const wanting = WANTING[notice.kind];
  return wanting && !isPart(notice) ? `${notice.incident}${wanting.ending ?? ""}` : undefined;
}

const LANES = 16;
const ENDINGS = ["", ...new Set(Object.values(WANTING).flatMap(({ ending = [] }) => ending))];

/** The notices that open and end calls. Without anybody on call there are none. */
export class Calls {
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** A call that is known stays as it is: who has acknowledged an incident is not called for it again. */
  async hear(notices: readonly Notice[], { provider }: Fleet): Promise<void> {
    const { onCall } = provider;
    if (!onCall) return;
    const asked = [...new Set([provider.contact, ...onCall.map(({ contact }) => contact)])];
    const opening = notices.filter((notice) => callIdOf(notice) !== undefined);
    if (opening.length > 0) await this.#seal();
    await inLanes(LANES, opening, (notice) => this.#open(notice, asked));
    await inLanes(LANES, notices, (notice) => this.#end(notice));
  }

  async #open(notice: Notice, asked: readonly string[]): Promise<void> {
    const { kind, instance, incident, lines } = notice;
    const [wanting, id] = [WANTING[kind], callIdOf(notice)];
    if (!wanting || id === undefined) return;
    const { withIncident, endedBy } = wanting;
    await this.#ledger.create(keys.call(instance, id), {
      ...{ instance, id, incident, title: TITLES[kind], lines, asked, withIncident, endedBy },
      ...{ openedAt: this.#clock.now().toISOString(), called: [], over: false },
    } satisfies Call);
  }

  async #end({ kind, instance, incident }: Notice): Promise<void> {
    if (!Object.values(WANTING).some(({ endedBy }) => endedBy.includes(kind))) return;
    const overAt = this.#clock.now().toISOString();
    for (const ending of ENDINGS) {
      await rewrite<Call>(this.#ledger, keys.call(instance, `${incident}${ending}`), (call) =>
        call && !call.over && call.endedBy.includes(kind) ? { ...call, overAt } : undefined,
      );
    }
  }

  async #seal(): Promise<void> {
    const seal: AckSeal = { secret: randomBytes(32).toString("base64url") };
    await this.#ledger.create(keys.ackSeal(), seal);
  }
}
