import type { Fleet } from "../../lib/sla/fleet.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { snsEnlisting } from "../aws/sns-enlisting.ts";
import { snsSubscriptions } from "../aws/sns-subscriptions.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv, RECIPIENTS_PROPERTIES, type RecipientsProperties } from "../ledger/contract.ts";
import {
  answerOf,
  deliver,
  isResourceEvent,
  type ResourceEvent,
} from "../ledger/custom-resource.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { enlist } from "./enlist.ts";
import { allConfirmed, unconfirmedOf } from "./subscriptions.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const region = env.AWS_REGION;
const clock = clockFrom(process.env);
const account = env.SLA_ACCOUNT;
const ledger = s3Ledgers({ account, clock })(region);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const subscribedIn = snsSubscriptions({ account, clock });
const topic = snsEnlisting({ account, region, clock });

/** Woken by a schedule it looks; asked by a deployment it enlists whoever has to hear of the site from now on. */
export const handler = lambda(async (event: Partial<ResourceEvent<RecipientsProperties>>) =>
  isResourceEvent(event)
    ? enlisting(event)
    : allConfirmed(unconfirmedOf(await fleet(), region, await subscribedIn(region))),
);

async function enlisting(event: ResourceEvent<RecipientsProperties>) {
  const before = event.OldResourceProperties?.fleetKey;
  const answer = await answerOf(event, RECIPIENTS_PROPERTIES, async ({ fleetKey }) => {
    const known = before === undefined ? undefined : (await ledger.read<Fleet>(before))?.value;
    return enlist({ fleet: await fleetReader(ledger, fleetKey)(), before: known }, region, topic);
  });
  if (answer.Reason) console.error(JSON.stringify({ level: "error", message: answer.Reason }));
  await deliver(event.ResponseURL, answer);
  return answer;
}
