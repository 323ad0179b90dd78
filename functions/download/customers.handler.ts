import { randomBytes } from "node:crypto";
import { frozenCopies } from "../aws/frozen-copies.ts";
import { pairedFiles } from "../aws/paired-files.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv } from "../kernel/env.ts";
import type { ApiRequest } from "../kernel/http-api.ts";
import { lambda } from "../kernel/lambda.ts";
import { fleetReader } from "../ledger/fleet.ts";
import { customersEnv } from "./contract.ts";
import { answerCustomer } from "./customers.ts";
import { unlisted } from "./paired.ts";

const env = parseEnv(customersEnv, process.env);
const clock = clockFrom(process.env);
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock, site: env.AWS_REGION });
const ledger = ledgers(env.AWS_REGION);
const desk = {
  ...{ ledger, ledgers, clock, page: env.DOWNLOAD_PAGE },
  fleet: fleetReader(ledger, env.FLEET_KEY),
  shelf: frozenCopies(clock, env.AWS_REGION),
  pairs: unlisted(pairedFiles(clock, { account: env.SLA_ACCOUNT, region: env.AWS_REGION })),
  random: () => randomBytes(32),
};

export const handler = lambda((request: ApiRequest) => answerCustomer(request, desk));
