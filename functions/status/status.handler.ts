import { s3Ledgers } from "../aws/s3-ledger.ts";
import { s3Showcase } from "../aws/s3-showcase.ts";
import { secretsHere } from "../aws/secrets.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { STATUS_SECRET, statusBucket, statusEnv } from "./contract.ts";
import { listener } from "./heard.ts";
import { publishPages } from "./publish.ts";
import { sealedDaysReader } from "./sealed.ts";

const env = parseEnv({ ...statusEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const { AWS_REGION: region, SLA_ACCOUNT: account } = env;
const ledgers = s3Ledgers({ account, clock, site: region });
const ledger = ledgers(region);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const secrets = secretsHere(clock);
const showcase = s3Showcase(clock, statusBucket(account, region));
const sealedDays = sealedDaysReader(ledger, clock);
let hear: ReturnType<typeof listener> | undefined;

export const handler = lambda(async () => {
  const now = await fleet();
  hear ??= listener(now, ledgers, clock);
  const published = await publishPages({
    ...{
      region,
      ledger,
      clock,
      showcase,
      hear,
      fleet: now,
      address: env.STATUS_ADDRESS,
      sealedDays,
    },
    secret: () => secrets.read(STATUS_SECRET),
  });
  console.log(JSON.stringify({ level: "info", ...published }));
  return published;
});
