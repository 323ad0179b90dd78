import { rdsRemoving } from "../aws/rds-shelf.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import type { RotateRequest } from "./contract.ts";
import { rotate } from "./rotate.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const shelf = rdsRemoving(clockFrom(process.env), {
  account: env.SLA_ACCOUNT,
  region: env.AWS_REGION,
});

export const handler = lambda(async (event: RotateRequest) => rotate(event, shelf));
