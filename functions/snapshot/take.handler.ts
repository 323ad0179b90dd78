import { rdsInventory } from "../aws/rds-inventory.ts";
import { rdsTaking } from "../aws/rds-shelf.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { Figures, SqlRequest } from "../sql/contract.ts";
import type { TakeRequest } from "./contract.ts";
import { figuresMemory } from "./figures.ts";
import { takeAll } from "./take.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const shelf = rdsTaking(clock, { account: env.SLA_ACCOUNT, region });
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(region);
const inventory = rdsInventory(clock);
const sql = remoteSql(clock, { answerFloorMs: 10_000 });
const fleet = fleetReader(ledger, env.FLEET_KEY);
const endpoints = () => inventory.describe(region);
const ask = (request: SqlRequest) => sql.ask<Figures>(region, request);

export const handler = lambda(async (event: TakeRequest) =>
  // Anew each time: databases move.
  takeAll(event, shelf, figuresMemory({ fleet, ledger, endpoints, ask })),
);
