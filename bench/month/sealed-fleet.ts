import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { keys } from "../../functions/ledger/contract.ts";
import type { DayRollUp, Seal, SealName } from "../../functions/report/contract.ts";
import { dayStart, daysBefore, daysFrom } from "../../functions/report/days.ts";
import { sha256 } from "../../functions/report/sha256.ts";

const SITE = "eu-west-1";
const A_SHARD = 250;
const MINUTE_MS = 60_000;
/** As far back as rotations reach. */
const BACKUP_DAYS = 150;

export const idsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `acme-${index}`);

/** The ledger of a site as a fleet leaves it: sealed days, one of them with an outage, and a backup a day and copy of each instance. */
export function writeLedger(directory: string, ids: readonly string[], last: string): void {
  const put = (key: string, value: unknown) => {
    const path = join(directory, key);
    mkdirSync(dirname(path), { recursive: true });
    const json = JSON.stringify(value);
    writeFileSync(path, key.endsWith(".gz") ? gzipSync(json, { level: 1 }) : json);
    return sha256(json);
  };
  let previous: SealName | null = null;
  for (const day of daysFrom(daysBefore(last, 32), last)) {
    const rollUps = Object.fromEntries(
      rollUpsOf(day, ids).map((each) => [each.shard, put(keys.day(day, each.shard), each)]),
    );
    const seal: Seal = { day, site: SITE, rollUps, statements: null, previous };
    previous = { day, sha256: put(keys.daySeal(day), seal) };
  }
  for (const day of daysFrom(daysBefore(last, BACKUP_DAYS), last)) {
    const at = new Date(dayStart(day) + 3_600_000).toISOString();
    put(keys.backupDeeds(at, SITE), { at, region: SITE, deeds: deedsOf(day, ids) });
  }
}

function rollUpsOf(day: string, ids: readonly string[]): readonly DayRollUp[] {
  const records = Array.from({ length: 1440 }, (_, minute) => {
    const at = new Date(dayStart(day) + minute * MINUTE_MS).toISOString();
    return [`${at.slice(11, 19).replaceAll(":", "")}-s00.json.gz`, sha256(at)] as const;
  });
  const minutes = day.endsWith("-14") ? "600u30d810u" : "1440u";
  return Array.from({ length: Math.ceil(ids.length / A_SHARD) }, (_, index) => ({
    ...{ day, site: SITE, shard: `s${String(index).padStart(2, "0")}`, records },
    evidence: { rounds: records.length, unreadable: [], misplaced: [], fromTheFuture: [] },
    instances: Object.fromEntries(
      ids
        .slice(index * A_SHARD, (index + 1) * A_SHARD)
        .map((id) => [id, { everySeconds: 60, minutes }]),
    ),
  }));
}

const deedsOf = (day: string, ids: readonly string[]) =>
  ids.flatMap((instance) => {
    const done = { id: `${instance}-${day.replaceAll("-", "")}`, instance, answer: "accepted" };
    return [
      { kind: "take", region: "eu-central-2", ...done },
      ...["eu-central-1", SITE].map((to) => ({
        kind: "copy",
        region: "eu-central-2",
        to,
        ...done,
      })),
    ];
  });
