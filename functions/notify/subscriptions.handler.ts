import { snsSubscriptions } from "../aws/sns-subscriptions.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { allConfirmed } from "./subscriptions.ts";

const env = parseEnv({ SLA_ACCOUNT: text, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const pendingIn = snsSubscriptions({ account: env.SLA_ACCOUNT, clock });

export const handler = lambda(async () => allConfirmed(await pendingIn(env.AWS_REGION)));
