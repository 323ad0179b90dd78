import { readFile } from "node:fs/promises";
import { ROWS_PRESENT } from "./application-sql.ts";
import type { Happening } from "./drill.ts";
import { mailText } from "./mail-text.ts";
import type { Halt } from "./result.ts";
import { bookkeeperOf } from "./successor.ts";
import { ledgerOf } from "./witness.ts";

/** What the failover wrote down when it stopped for a person. */
interface HaltRecord {
  readonly code: string;
  readonly next: { readonly command: string };
}

/** Where the failover of the victim stopped, what is at stake and who was told; null if it did not stop. */
export async function haltOf(happening: Happening): Promise<Halt | null> {
  const { run, events, faultAt, byHand } = happening;
  const { stage, victim } = run;
  const ledger = ledgerOf(stage, bookkeeperOf(happening));
  const steps = await ledger.keys(`failovers/${victim.id}/`);
  const key = steps.findLast((each) => each.endsWith("/halted.json"));
  const record = key === undefined ? undefined : await ledger.read<HaltRecord>(key);
  if (!record) return null;
  const { code, next } = record;
  const files = events
    .filter(({ at, operation }) => at >= faultAt && operation === "EmailDelivered")
    .map(({ detail }) => String(detail["file"]));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").then(mailText)));
  const mails = texts.filter((text) => text.includes(code) && text.includes(next.command)).length;
  const rowsAtStake = byHand ? 0 : await missingOnStandby(run);
  return { code, command: next.command, mails, rowsAtStake };
}

async function missingOnStandby({ stage, victim }: Happening["run"]): Promise<number> {
  const { id, standby = "", database } = victim;
  const { rds } = stage.cloud.services;
  const server = database.standby ?? "";
  const rows = await rds.adminQuery(standby, server, ROWS_PRESENT, [], database.name);
  const present = new Set(rows.map((row) => Number(row["id"])));
  return stage.estate.writers.acknowledged(id).filter((row) => !present.has(row.id)).length;
}
