import { s3Ledgers } from "../aws/s3-ledger.ts";
import { s3Signer } from "../aws/s3-signer.ts";
import { filesBucket } from "../files/contract.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { answerDownload, type UrlRequest } from "./answer.ts";
import { downloadEnv } from "./contract.ts";
import { fetchBook } from "./fetches.ts";

const env = parseEnv(downloadEnv, process.env);
const clock = clockFrom(process.env);
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(env.AWS_REGION);
const desk = {
  ...{ ledger, clock, signer: s3Signer(clock, env.FROZEN_BUCKET) },
  files: s3Signer(clock, filesBucket(env.SLA_ACCOUNT, env.AWS_REGION)),
  note: fetchBook(ledger),
};

export const handler = lambda((request: UrlRequest) => answerDownload(request, desk));
