import { s3Papers, s3Replica } from "../aws/s3-files.ts";
import { s3Source } from "../aws/s3-filestore.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import type { FilesRequest } from "./contract.ts";
import { accomplished, files } from "./files.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const here = { account: env.SLA_ACCOUNT, region: env.AWS_REGION };
const ports = {
  clock,
  source: s3Source(clock, here.region),
  replica: s3Replica(clock, here),
  papers: s3Papers(clock, here),
};

export const handler = lambda(async (event: FilesRequest) => {
  const report = await files(event, ports);
  console.log(JSON.stringify({ level: "info", ...report }));
  return accomplished(report);
});
