import { rdsTags } from "../aws/rds-tags.ts";
import { s3Assets } from "../aws/s3-asset.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { PUBLISH_PROPERTIES } from "./contract.ts";
import { answerOf, deliver, type ResourceEvent } from "./custom-resource.ts";
import { publish } from "./publish.ts";

const env = parseEnv({ SLA_ACCOUNT: text, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(env.AWS_REGION);
const assets = s3Assets(clock);
const databases = rdsTags(clock, { region: env.AWS_REGION });

export const handler = lambda(async (event: ResourceEvent) => {
  const here = { ledger, databases, region: env.AWS_REGION, now: clock.now() };
  const answer = await answerOf(event, PUBLISH_PROPERTIES, (properties) =>
    publish(here, assets, properties),
  );
  if (answer.Reason) console.error(JSON.stringify({ level: "error", message: answer.Reason }));
  await deliver(event.ResponseURL, answer);
  return answer;
});
