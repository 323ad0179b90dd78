import { createHash } from "node:crypto";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { severityOf } from "../../lib/sla/severity.ts";
import { type Webhook, wants } from "../../lib/sla/webhook.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { daysTo, type HookEvent, type Outgoing } from "../webhook/contract.ts";
import type { Notice } from "./contract.ts";
import { isPart } from "./digest.ts";
import { TITLES } from "./titles.ts";

interface Office {
  readonly site: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Lets events leave at once; without it they leave within a minute. */
  wake(): Promise<void>;
}

const LANES = 16;

/** Lays what the provider is told into the ledger, for each webhook that wants it. From there it leaves, however often that takes. */
export class Hooks {
  readonly #office: Office;

  constructor(office: Office) {
    this.#office = office;
  }

  /** What is there already stays as it is. Resolves to the notices of which something could not be laid down, and why. */
  async lay(notices: readonly Notice[], fleet: Fleet): Promise<ReadonlyMap<Notice, unknown>> {
    const { webhooks = [] } = fleet.provider;
    const failed = new Map<Notice, unknown>();
    const wanted = notices.flatMap((notice, place) =>
      webhooks
        .filter((hook) => isFor(notice, hook, fleet))
        .map((hook) => ({ notice, hook, place })),
    );
    const laid = await inLanes(LANES, wanted, ({ notice, hook, place }) =>
      this.#lay(notice, hook, place).catch((cause: unknown) => void failed.set(notice, cause)),
    );
    if (laid.some((isNew) => isNew === true)) await this.#office.wake().catch(() => undefined);
    return failed;
  }

  async #lay(notice: Notice, { name: webhook }: Webhook, place: number): Promise<boolean> {
    const { ledger, clock, site } = this.#office;
    const [since, event] = [clock.now().toISOString(), eventOf(notice, site)];
    const outgoing: Outgoing = {
      ...{ webhook, event, state: "waiting", attempts: 0, place, since, dueAt: since },
    };
    // A repeat just after midnight must not find another day empty.
    const [today = "", yesterday = ""] = daysTo(clock.now().getTime());
    const before = await ledger.read(keys.hook(webhook, yesterday, event.id));
    return before === undefined && ledger.create(keys.hook(webhook, today, event.id), outgoing);
  }
}

/** The provider is told of it, or somebody on call is. */
function isFor(notice: Notice, hook: Webhook, { provider }: Fleet): boolean {
  const { contact, onCall = [] } = provider;
  const own = [contact, ...onCall.map((each) => each.contact)];
  const isOurs = notice.to === undefined ? !isPart(notice) : own.includes(notice.to);
  return isOurs && wants(hook, notice.kind);
}

/** Its id follows from what is told, so that a notice handed over twice is one event. */
export function eventOf(notice: Notice, site: string): HookEvent {
  const { kind, instance, incident, occasion = "", to, at, lines } = notice;
  const name = JSON.stringify([instance, incident, kind, occasion, to ?? ""]);
  return {
    version: 1,
    id: createHash("sha256").update(name).digest("hex").slice(0, 32),
    ...{ type: kind, severity: severityOf(notice), title: TITLES[kind] },
    ...{ at, site, instance, incident },
    ...(to !== undefined && { to }),
    lines,
  };
}
