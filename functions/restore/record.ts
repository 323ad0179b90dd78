import { TAGS, type Tags } from "../../lib/sla/backups/catalogue.ts";
import { keys } from "../ledger/contract.ts";
import type { Begun, Ended } from "./case.ts";
import { nameOfTest, type RestoreTestRecord } from "./contract.ts";
import type { StepEvent } from "./step.ts";
import type { RestoreWorld } from "./world.ts";

/** Evidence first, then the tag by which everybody else goes. */
export async function record(world: RestoreWorld, ended: Ended): Promise<Ended> {
  const { clock, region, shelf } = world;
  const { request } = ended;
  const now = clock.now().toISOString();
  const name = ended.name ?? nameOfTest(ended.execution);
  const key = keys.restore(request.instance, name, "record");
  await world.ledgers(region).create(key, recordOf(ended, name, region, now));
  if (ended.name === undefined) return ended;
  await shelf.tag(request.backup, tagsOf(ended, now));
  return ended;
}

/** What was proven stays proven though no frozen copy could be made of it; that it failed is told all the same. */
function tagsOf({ failure, checks, examinedAt }: Ended, now: string): Tags {
  if (!failure) return { [TAGS.verified]: now };
  const isProven = checks?.every(({ ok }) => ok) && examinedAt !== undefined;
  return { [TAGS.refuted]: now, ...(isProven && { [TAGS.verified]: examinedAt }) };
}

function recordOf(ended: Ended, test: string, region: string, now: string): RestoreTestRecord {
  const { request, startedAt, takenAt, database, tables, rows, failure } = ended;
  const { askedAt, readableAt, examinedAt } = ended;
  const { instance, backup, trigger } = request;
  return {
    ...{ instance, test, backup, region, trigger, startedAt, endedAt: now },
    ok: failure === undefined,
    checks: ended.checks ?? [],
    ...(takenAt !== undefined && { takenAt }),
    ...(database !== undefined && { database }),
    ...(askedAt !== undefined &&
      readableAt !== undefined && { restoreSeconds: secondsBetween(askedAt, readableAt) }),
    ...(readableAt !== undefined &&
      examinedAt !== undefined && { proofSeconds: secondsBetween(readableAt, examinedAt) }),
    ...(tables !== undefined && { tables }),
    ...(rows !== undefined && { rows }),
    ...(failure && { failure }),
    ...(ended.frozen && { frozen: ended.frozen }),
  };
}

export const secondsBetween = (from: string, to: string) =>
  (Date.parse(to) - Date.parse(from)) / 1000;

/** A step has failed: what was restored goes all the same. */
export async function failed(
  _: unknown,
  current: Begun,
  error: StepEvent["error"] = {},
): Promise<Begun> {
  if (current.failure) return current;
  return { ...current, failure: { code: error.Error ?? "Unknown", message: wordsOf(error.Cause) } };
}

function wordsOf(cause = ""): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: string };
    return errorMessage ?? cause;
  } catch {
    return cause;
  }
}
