import { clockFrom } from "../../../functions/kernel/clock.ts";
import type { Case } from "./case.ts";
import { ACCOUNT_CASES } from "./cases-account.ts";
import { BACKUP_CASES } from "./cases-backups.ts";
import { DATABASE_CASES } from "./cases-databases.ts";
import { EXECUTION_CASES } from "./cases-executions.ts";
import { IMAGE_CASES } from "./cases-images.ts";
import { NAME_CASES } from "./cases-names.ts";
import { S3_CASES } from "./cases-s3.ts";

export const CASES: readonly Case[] = [
  ...[...S3_CASES, ...NAME_CASES, ...ACCOUNT_CASES],
  ...[...DATABASE_CASES, ...BACKUP_CASES, ...EXECUTION_CASES, ...IMAGE_CASES],
];

/** What a server answers to each case, by its name; one that has none throws. The pace divides how long anything is waited for. */
async function answers(pace = "1"): Promise<Readonly<Record<string, unknown>>> {
  const clock = clockFrom({ SLA_PACE: pace });
  const all: Record<string, unknown> = {};
  for (const { name, run } of CASES) {
    all[name] = await run(clock).catch((cause: Error) => {
      // Words differ from run to run: for people only.
      console.error(`${name}: ${cause.message}`);
      return { throws: cause.name };
    });
  }
  return all;
}

// The server is whoever AWS_ENDPOINT_URL names.
if (import.meta.main) console.log(JSON.stringify(await answers(process.argv[2]), null, 1));
