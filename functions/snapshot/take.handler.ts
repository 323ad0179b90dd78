import { rdsTaking } from "../aws/rds-shelf.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import type { TakeRequest } from "./contract.ts";
import { takeAll } from "./take.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const shelf = rdsTaking(clockFrom(process.env), {
  account: env.SLA_ACCOUNT,
  region: env.AWS_REGION,
});

export const handler = lambda(async (event: TakeRequest) => takeAll(event, shelf));
