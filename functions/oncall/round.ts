import type { Fleet } from "../../lib/sla/fleet.ts";
import { chainFor, nextCall } from "../../lib/sla/on-call.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import { NOTICES_AT_ONCE, type Notice, type NotifyRequest } from "../notify/contract.ts";
import type { Call } from "./contract.ts";
import { calledNotice, overNotice } from "./notices.ts";
import { Witnesses } from "./why-over.ts";

export interface Exchange {
  readonly site: string;
  readonly ledgers: Ledgers;
  readonly clock: Clock;
  readonly messenger: { notify(request: NotifyRequest): Promise<void> };
}

/** What a round did: ids of calls. */
export interface Rung {
  readonly open: number;
  readonly called: readonly string[];
  readonly over: readonly string[];
}

/** A call as it is afterwards, and who has to hear of it before that is written. */
interface Step {
  readonly before: Call;
  readonly after: Call;
  readonly notices: readonly Notice[];
}

const LANES = 16;

/**
 * Rounds of one site. Each tells first and writes then, so that who dies in between is repeated; mails are sent once all the same.
 * Rejects if the site's ledger does not answer.
 */
export function exchange(office: Exchange): (fleet: Fleet) => Promise<Rung> {
  const ledger = office.ledgers(office.site);
  const kept = keptReader<Call>(ledger, prefixes.calls);
  return async (fleet) => {
    const open = (await kept()).filter(({ over }) => !over);
    const witnesses = new Witnesses(office.ledgers, office.site, Object.keys(fleet.sites));
    const found = await inLanes(LANES, open, (call) => stepOf(call, fleet, office, witnesses));
    const steps = found.flatMap((step) => step ?? []);
    const notices = steps.flatMap((step) => step.notices);
    for (let first = 0; first < notices.length; first += NOTICES_AT_ONCE) {
      const piece = notices.slice(first, first + NOTICES_AT_ONCE);
      await office.messenger.notify({ notices: piece });
    }
    await inLanes(LANES, steps, (step) => write(ledger, step));
    const idsOf = (over: boolean) =>
      steps.filter(({ after }) => after.over === over).map(({ after }) => idOf(after));
    return { open: open.length, called: idsOf(false), over: idsOf(true) };
  };
}

const idOf = ({ instance, id }: Call) => `${instance}/${id}`;

async function stepOf(
  call: Call,
  fleet: Fleet,
  { clock }: Exchange,
  witnesses: Witnesses,
): Promise<Step | undefined> {
  const now = clock.now();
  const because = await witnesses.whyOver(call, now.getTime());
  const at = now.toISOString();
  if (because !== undefined) {
    const heard = [...new Set(call.called.map(({ contact }) => contact))];
    return {
      before: call,
      after: { ...call, over: true, overAt: call.overAt ?? at },
      notices: heard.map((contact) => overNotice(call, contact, because, at)),
    };
  }
  const next = nextCall(call, chainOf(fleet, call), clock.paced(60));
  if (!next || now.getTime() < next.dueMs) return undefined;
  return {
    before: call,
    after: { ...call, called: [...call.called, { contact: next.contact, at }] },
    notices: [calledNotice(call, next, at)],
  };
}

function chainOf({ provider, instances, plans }: Fleet, { instance }: Call) {
  const plan = instances.find(({ id }) => id === instance)?.plan;
  return chainFor(provider.onCall, plan === undefined ? undefined : plans[plan]);
}

/** Unless another round was first. */
async function write(ledger: Ledger, { before, after }: Step): Promise<void> {
  await rewrite<Call>(ledger, keys.call(before.instance, before.id), (current) =>
    current && !current.over && current.called.length === before.called.length
      ? { ...after, ...(current.overAt !== undefined && { overAt: current.overAt }) }
      : undefined,
  );
}
