import { lambdaCalls, lambdaEvents } from "../../functions/aws/lambda-call.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import {
  type Answer,
  type Outgoing,
  WEBHOOK_FUNCTION,
  type WebhookRequest,
} from "../../functions/webhook/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Webhook } from "../sla/webhook.ts";
import type { Access } from "./access.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";

type Desk = Pick<Access, "fleet" | "ledgers" | "clock">;

/** Throws UserError. */
export function webhookIn({ fleet }: Pick<Access, "fleet">, name: string): Webhook {
  const { webhooks = [] } = fleet.provider;
  const found = webhooks.find((each) => each.name === name);
  if (found) return found;
  const known = webhooks.map((each) => each.name).join(", ");
  throw new UserError(
    `'${name}' is no webhook: ${known === "" ? "the fleet names none; add provider.webhooks" : `the fleet names ${known}`}`,
  );
}

/** Throws UserError for what is no site. */
export function sitesNamed({ fleet }: Pick<Access, "fleet">, site?: string): readonly string[] {
  const sites = Object.keys(fleet.sites);
  if (site === undefined) return sites;
  if (sites.includes(site)) return [site];
  throw new UserError(`--site: '${site}' is no site: the fleet has ${sites.join(", ")}`);
}

const LONGER_THAN_ITS_ANSWER = { answerSeconds: 25, answerFloorMs: 25_000, maxAttempts: 1 };

/** Has each site send a test; what a site says that cannot is its answer. */
export async function testFrom(
  { clock }: Pick<Access, "clock">,
  name: string,
  sites: readonly string[],
): Promise<readonly (Answer & { readonly site: string })[]> {
  const call = lambdaCalls(clock, LONGER_THAN_ITS_ANSWER);
  const event: WebhookRequest = { test: name };
  return Promise.all(
    sites.map(async (site) => {
      try {
        return { site, ...(await call<Answer>(site, WEBHOOK_FUNCTION, event)) };
      } catch (cause) {
        return { site, ok: false, said: (cause as Error).message };
      }
    }),
  );
}

/** An event as a ledger holds it. */
export interface Held {
  readonly site: string;
  readonly key: string;
  readonly outgoing: Outgoing;
}

const LANES = 32;

/** Of a webhook, the oldest first, from all ledgers that answer. Throws UserError if none does. */
export async function heldFor({ fleet, ledgers }: Desk, name: string): Promise<readonly Held[]> {
  const sites = Object.keys(fleet.sites);
  const asked = await Promise.allSettled(sites.map((site) => heldIn(ledgers(site), site, name)));
  if (asked.every(({ status }) => status === "rejected"))
    throw noLedger(sites, { why: reasonIn(asked) });
  const held = asked.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  return held.toSorted((one, other) => (one.outgoing.since < other.outgoing.since ? -1 : 1));
}

async function heldIn(ledger: Ledger, site: string, name: string): Promise<readonly Held[]> {
  const listed = await ledger.list(prefixes.hooks(name));
  const found = await inLanes(LANES, listed, async ({ key }): Promise<readonly Held[]> => {
    const outgoing = (await ledger.read<Outgoing>(key))?.value;
    return outgoing ? [{ site, key, outgoing }] : [];
  });
  return found.flat();
}

/** Lets events be sent anew, as if they had been laid down now, in the site that holds them. */
export async function sendAnew({ ledgers, clock }: Desk, held: readonly Held[]): Promise<void> {
  const now = clock.now().toISOString();
  await inLanes(LANES, held, async ({ site, key, outgoing }) => {
    const { webhook, event, place } = outgoing;
    const anew = keys.hook(webhook, now.slice(0, 10), event.id);
    const fresh: Outgoing = {
      ...{ webhook, event, place, state: "waiting", attempts: 0, since: now, dueAt: now },
    };
    await rewrite<Outgoing>(ledgers(site), anew, () => fresh);
    if (key === anew) return;
    await rewrite<Outgoing>(ledgers(site), key, (there) => there && { ...there, state: "renewed" });
  });
  const sites = [...new Set(held.map(({ site }) => site))];
  // Who cannot be woken looks within a minute.
  await Promise.allSettled(sites.map((site) => lambdaEvents(clock, site)(WEBHOOK_FUNCTION, {})));
}
