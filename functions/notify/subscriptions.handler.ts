import { s3Ledgers } from "../aws/s3-ledger.ts";
import { snsSubscriptions } from "../aws/sns-subscriptions.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { allConfirmed, unconfirmedOf } from "./subscriptions.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const region = env.AWS_REGION;
const clock = clockFrom(process.env);
const fleet = fleetReader(s3Ledgers({ account: env.SLA_ACCOUNT, clock })(region), env.FLEET_KEY);
const subscribedIn = snsSubscriptions({ account: env.SLA_ACCOUNT, clock });

export const handler = lambda(async () =>
  allConfirmed(unconfirmedOf(await fleet(), region, await subscribedIn(region))),
);
