import { clockFrom } from "../../../functions/kernel/clock.ts";
import type { Case } from "./case.ts";
import { ACCOUNT_CASES } from "./cases-account.ts";
import { NAME_CASES } from "./cases-names.ts";
import { S3_CASES } from "./cases-s3.ts";

export const CASES: readonly Case[] = [...S3_CASES, ...NAME_CASES, ...ACCOUNT_CASES];

/** What a server answers to each case, by its name; one that has none throws. */
async function answers(): Promise<Readonly<Record<string, unknown>>> {
  const clock = clockFrom({});
  const all: Record<string, unknown> = {};
  for (const { name, run } of CASES) {
    all[name] = await run(clock).catch((cause: Error) => ({ throws: cause.name }));
  }
  return all;
}

// The server is whoever AWS_ENDPOINT_URL names.
if (import.meta.main) console.log(JSON.stringify(await answers(), null, 1));
