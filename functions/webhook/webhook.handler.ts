import { s3Ledgers } from "../aws/s3-ledger.ts";
import { webhookSecrets } from "../aws/webhook-secrets.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { reachFrom } from "./addresses.ts";
import type { WebhookRequest } from "./contract.ts";
import { noneStuck, outbox } from "./outbox.ts";
import { sender } from "./post.ts";
import { answerTo, rounds } from "./round.ts";
import { sendTest } from "./test-event.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const site = env.AWS_REGION;
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(site);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const box = outbox(ledger, clock);
const office = {
  ...{ ledger, outbox: box, clock, site },
  send: sender(clock, reachFrom(process.env["AWS_ENDPOINT_URL"])),
  secrets: webhookSecrets(clock),
};
const round = rounds(office);

export const handler = lambda(async ({ test }: WebhookRequest) => {
  if (test !== undefined) return answerTo(async () => sendTest(test, await fleet(), office));
  const sent = await round(await fleet());
  for (const each of sent) {
    if (each.delivered + each.failed > 0) console.log(JSON.stringify({ level: "info", ...each }));
  }
  if (sent.some(({ open }) => open > 0)) await noneStuck(await fleet(), box, clock);
  return sent;
});
