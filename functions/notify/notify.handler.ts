import { APPROVE_URL } from "../approval/contract.ts";
import { lambdaEvents } from "../aws/lambda-call.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { snsAlerts } from "../aws/sns-alerts.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { WEBHOOK_FUNCTION } from "../webhook/contract.ts";
import { Calls } from "./calls.ts";
import { type Handed, unpacked } from "./contract.ts";
import { Hooks } from "./hooks.ts";
import { answerLinks } from "./links.ts";
import { Marks } from "./marks.ts";
import { notify } from "./notify.ts";
import { Rate } from "./rate.ts";
import { attempted, delivered } from "./report.ts";
import { gathered } from "./storm.ts";
import { UnsentNotices } from "./unsent.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const here = { account: env.SLA_ACCOUNT, region: env.AWS_REGION, clock };
const ledger = s3Ledgers(here)(env.AWS_REGION);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const wake = lambdaEvents(clock);
const post = {
  alerts: snsAlerts(here),
  marks: new Marks(ledger, clock),
  rate: new Rate(clock),
  unsent: new UnsentNotices(ledger, clock),
  links: answerLinks(ledger, process.env[APPROVE_URL], clock),
  calls: new Calls(ledger, clock),
  hooks: new Hooks({
    ...{ site: env.AWS_REGION, ledger, clock },
    wake: () => wake(WEBHOOK_FUNCTION, {}),
  }),
};

export const handler = lambda(async (handed: Handed) => {
  const request = unpacked(handed);
  const notices = await gathered(request, await fleet(), post, { ledger, clock });
  const sendings = await notify({ ...request, notices }, await fleet(), post);
  return request.again ? attempted(sendings) : delivered(sendings);
});
