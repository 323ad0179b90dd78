import { rdsRegistry } from "../aws/rds-registry.ts";
import { rdsTaking } from "../aws/rds-shelf.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { Figures } from "../sql/contract.ts";
import type { TakeRequest } from "./contract.ts";
import { figuresMemory } from "./figures.ts";
import { takeAll } from "./take.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const shelf = rdsTaking(clock, { account: env.SLA_ACCOUNT, region });
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(region);
const registry = rdsRegistry(clock);
const sql = remoteSql(clock, { answerFloorMs: 10_000 });
const memory = figuresMemory({
  fleet: fleetReader(ledger, env.FLEET_KEY),
  ledger,
  endpoint: async (database) => (await registry.describe({ region, database }))?.endpoint,
  ask: (request) => sql.ask<Figures>(region, request),
});

export const handler = lambda(async (event: TakeRequest) => takeAll(event, shelf, memory));
