import { deliveredFiles } from "../aws/delivered-files.ts";
import { destinationSecrets } from "../aws/destination-secrets.ts";
import { frozenDumps } from "../aws/frozen-dumps.ts";
import { lambdaEvents } from "../aws/lambda-call.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { openBucket } from "../aws/s3-depot.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { DELIVER_FUNCTION, type DeliverEvent, deliverEnv } from "./contract.ts";
import { deliver } from "./deliver.ts";
import { depots } from "./open.ts";
import { pass } from "./pass.ts";

const env = parseEnv(deliverEnv, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(region);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const hand = lambdaEvents(clock);
const ports = {
  ...{ ledger, clock },
  shelf: frozenDumps(clock, { region, bucket: env.FROZEN_BUCKET }),
  files: deliveredFiles(clock, { account: env.SLA_ACCOUNT, region }),
  secrets: destinationSecrets(clock),
  openDepot: depots(clock, openBucket),
  messenger: lambdaMessenger(clock),
};

/** To write down how far it came, and to tell it. */
const LEFT_MS = 30_000;

export const handler = lambda(async ({ instance }: DeliverEvent, context) => {
  const deployed = await fleet();
  if (instance === undefined) {
    return pass(deployed, (event) => hand(DELIVER_FUNCTION, event));
  }
  const remainingMs = context.getRemainingTimeInMillis();
  const workMs = Math.max(0, remainingMs - Math.min(LEFT_MS, remainingMs / 4));
  const signal = AbortSignal.timeout(Math.floor(workMs));
  const now = clock.now().getTime();
  const times = { until: new Date(now + remainingMs), leaves: new Date(now + workMs) };
  const report = await deliver({ ...ports, fleet: deployed, signal, ...times }, instance);
  console.log(JSON.stringify({ level: "info", ...report }));
  // Lambda ends a chain of sixteen; no more than fourteen are ever missed, and the next look begins anew.
  if (report.unfinished) await hand(DELIVER_FUNCTION, { instance });
  return report;
});
