import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import type { UrlRequest } from "./contract.ts";
import { flagAnswers } from "./flag.ts";

const env = parseEnv({ SLA_ACCOUNT: text, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(env.AWS_REGION);

const answer = flagAnswers(ledger, clock);

export const handler = lambda((request: UrlRequest) => answer(request));
