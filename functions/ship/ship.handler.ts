import { rdsShipping } from "../aws/rds-shipping.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import type { ShipRequest } from "./contract.ts";
import { ship } from "./ship.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const shipping = rdsShipping(clockFrom(process.env), {
  account: env.SLA_ACCOUNT,
  region: env.AWS_REGION,
});

export const handler = lambda(async (event: ShipRequest) => ship(event, shipping));
