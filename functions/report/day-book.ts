import { LookSheet, recounted } from "../../lib/sla/books/look-sheet.ts";
import { writeRuns } from "../../lib/sla/books/runs.ts";
import { type TlsSeen, worseTls } from "../../lib/sla/tls.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { LookRecord, RoundRecord } from "../watch/contract.ts";
import type { DayRollUp, Evidence, InstanceDay } from "./contract.ts";
import { sha256 } from "./sha256.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A late invocation looks up to two ticks after its time, and a tick long. */
export const LATEST_LOOK_MS = 3 * MINUTE_MS;
/** The slowest plan looks once an hour, and a look speaks for the time until the next. */
export const LONGEST_LOOK_MS = 60 * MINUTE_MS;
/** Of an instance that the fleet no longer has. */
const EVERY_SECONDS = 60;

export interface BookOf {
  /** `2026-10-01`, of UTC. */
  readonly day: string;
  readonly site: string;
  /** What an instance is sold; nothing if nobody knows it. */
  readonly soldTo: (instance: string) => Partial<Pick<InstanceDay, "everySeconds" | "timezone">>;
  /** In ms; asked again and again, because the watches go on while this is kept. */
  readonly now: () => number;
}

type Trouble = Exclude<keyof Evidence, "rounds">;

/** A day of one site. Records come in any order, each once. */
export class DayBook {
  readonly #of: BookOf;
  readonly #fromMs: number;
  readonly #pages = new Map<string, Page>();

  constructor(of: BookOf) {
    this.#of = of;
    this.#fromMs = Date.parse(`${of.day}T00:00:00Z`);
  }

  /** @param json of the record under a key of the day; undefined where it cannot be unpacked */
  add(key: string, json: string | undefined): void {
    const page = this.#pageOf(key);
    page.records.push([
      key.slice(prefixes.rounds(this.#of.day).length),
      json === undefined ? null : sha256(json),
    ]);
    const record = json === undefined ? undefined : parsed(json);
    const trouble = record ? troubleOf(key, record, this.#of.now()) : "unreadable";
    if (trouble) page.troubles[trouble].push(key);
    if (!record || trouble) return;
    page.rounds += 1;
    for (const look of record.looks) this.#hand(look, page);
  }

  /** In the order of their shards, each the same whatever order its records came in. */
  rollUps(): readonly DayRollUp[] {
    const { day, site } = this.#of;
    return [...this.#pages]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([shard, { records, rounds, troubles, sheets }]) => ({
        ...{ day, site, shard },
        records: records.toSorted(([one], [other]) => (one < other ? -1 : 1)),
        evidence: {
          rounds,
          unreadable: troubles.unreadable.toSorted(),
          misplaced: troubles.misplaced.toSorted(),
          fromTheFuture: troubles.fromTheFuture.toSorted(),
        },
        instances: instancesOf(sheets),
      }));
  }

  #pageOf(key: string): Page {
    const shard = shardOf(key);
    const page = this.#pages.get(shard) ?? emptyPage();
    this.#pages.set(shard, page);
    return page;
  }

  #hand({ slot, instances }: LookRecord, { sheets }: Page): void {
    const slotMs = Date.parse(slot);
    for (const [id, { verdict, votes, tls }] of Object.entries(instances)) {
      let row = sheets.get(id);
      if (!row) {
        row = this.#rowOf(id);
        sheets.set(id, row);
      }
      row.sheet.add(slotMs, recounted(verdict, votes));
      if (tls) row.tls = worseTls(row.tls, tls);
    }
  }

  #rowOf(id: string): Row {
    const { everySeconds = EVERY_SECONDS, timezone } = this.#of.soldTo(id);
    const toMs = this.#fromMs + DAY_MS + LATEST_LOOK_MS + LONGEST_LOOK_MS;
    const sheet = new LookSheet({ fromMs: this.#fromMs, toMs }, everySeconds);
    return { everySeconds, sheet, ...(timezone !== undefined && { timezone }) };
  }
}

interface Row extends Pick<InstanceDay, "everySeconds" | "timezone"> {
  readonly sheet: LookSheet;
  tls?: TlsSeen;
}

interface Page {
  readonly records: [name: string, sha256: string | null][];
  readonly troubles: Record<Trouble, string[]>;
  readonly sheets: Map<string, Row>;
  rounds: number;
}

const emptyPage = (): Page => ({
  records: [],
  troubles: { unreadable: [], misplaced: [], fromTheFuture: [] },
  sheets: new Map(),
  rounds: 0,
});

const instancesOf = (sheets: Page["sheets"]): Readonly<Record<string, InstanceDay>> =>
  Object.fromEntries(
    [...sheets]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([id, { everySeconds, timezone, sheet, tls }]) => [
        id,
        {
          ...{ everySeconds, minutes: writeRuns(sheet.minutes()), ...(tls && { tls }) },
          ...(timezone !== undefined && { timezone }),
        },
      ]),
  );

/** What lies there under a name that is none of a shard's is still named. */
const shardOf = (key: string) => /-([a-z]\d+)\.json\.gz$/.exec(key)?.[1] ?? "other";

function parsed(json: string): RoundRecord | undefined {
  try {
    const record = JSON.parse(json) as RoundRecord;
    return isWhole(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

const isWhole = (record: Partial<RoundRecord>) =>
  typeof record.scheduledTime === "string" &&
  typeof record.shard === "string" &&
  Array.isArray(record.looks) &&
  record.looks.every(
    ({ slot, instances }: LookRecord) =>
      !Number.isNaN(Date.parse(slot)) && Object.values(instances).every(({ votes }) => votes),
  );

function troubleOf(key: string, record: RoundRecord, nowMs: number): Trouble | undefined {
  const begunMs = Date.parse(record.scheduledTime);
  if (Number.isNaN(begunMs)) return "unreadable";
  const isApart = ({ slot }: { readonly slot: string }) =>
    Date.parse(slot) < begunMs || Date.parse(slot) > begunMs + LATEST_LOOK_MS;
  const slot = new Date(begunMs).toISOString();
  if (keys.round(slot, record.shard) !== key || record.looks.some(isApart)) return "misplaced";
  return begunMs > nowMs ? "fromTheFuture" : undefined;
}
