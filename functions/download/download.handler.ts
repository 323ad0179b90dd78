import { s3Ledgers } from "../aws/s3-ledger.ts";
import { s3Signer } from "../aws/s3-signer.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { answerDownload, type UrlRequest } from "./answer.ts";
import { downloadEnv } from "./contract.ts";

const env = parseEnv(downloadEnv, process.env);
const clock = clockFrom(process.env);
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(env.AWS_REGION);
const desk = { ledger, clock, signer: s3Signer(clock, env.FROZEN_BUCKET) };

export const handler = lambda((request: UrlRequest) => answerDownload(request, desk));
