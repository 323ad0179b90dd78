import { mirrorOf } from "../../lib/sla/mirror.ts";
import { frozenSeals } from "../aws/frozen-seals.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { frozenBucket } from "../freeze/contract.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { allCarried, sealDays } from "./seal-days.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const site = env.AWS_REGION;
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const ledger = ledgers(site);
const fleet = fleetReader(ledger, env.FLEET_KEY);

export const handler = lambda(async () => {
  const deployed = await fleet();
  const { frozen } = deployed;
  const mirror = mirrorOf(site, deployed);
  const report = await sealDays({
    ...{ site, ledger, clock, fleet: deployed },
    mirror: mirror === undefined ? undefined : { name: mirror, keeper: ledgers(mirror) },
    vault: frozen && {
      name: frozenBucket(frozen.account, frozen.region),
      keeper: frozenSeals(clock, frozen),
    },
  });
  console.log(JSON.stringify({ level: "info", ...report }));
  return allCarried(report);
});
