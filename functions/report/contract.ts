import type { TlsSeen } from "../../lib/sla/tls.ts";

/** Deployed in every site: seals the days that are over. */
export const DAYS_FUNCTION = "sla-days";
/** Named, because the frozen account lets it in. */
export const daysRole = (region: string) => `sla-days-${region}`;

/** Deployed beside it where seals are frozen: shows them, to whoever may ask. */
export const SEALS_FUNCTION = "sla-seals";
/** Named for the same reason; it may only read there. */
export const sealsRole = (region: string) => `sla-seals-${region}`;

/** How long after midnight, UTC, a day's last records may still come. */
export const SETTLING_MINUTES = 15;

/** When `sla-days` passes, in UTC. */
export const PASSES = {
  /** Of the hour. */
  minute: SETTLING_MINUTES + 1,
  /** From midnight on. */
  hours: 6,
  /** As long a pass is begun again that Lambda did not take, and a minute more it may wait there. */
  retriedMinutes: 60,
  lastMinutes: 15,
} as const;

/** From midnight on: whoever has not sealed the day before by then did not pass, or failed. */
export const SEALED_WITHIN_MINUTES = PASSES.minute + PASSES.retriedMinutes + 1 + PASSES.lastMinutes;

/** `days/<yyyy-mm-dd>/<shard>.json.gz`: what a site saw of a shard on a day of UTC, and from which records that follows. */
export interface DayRollUp {
  /** `2026-10-01` */
  readonly day: string;
  readonly site: string;
  readonly shard: string;
  /** Names below `rounds/<day>/`, in order, and the SHA-256 of their JSON; null where nobody can unpack it. */
  readonly records: readonly (readonly [name: string, sha256: string | null])[];
  readonly evidence: Evidence;
  readonly instances: Readonly<Record<string, InstanceDay>>;
}

export interface InstanceDay {
  /** Of the plan on that day: a look speaks for the time until the next. */
  readonly everySeconds: number;
  /** From the day's first minute on, as `writeRuns` writes them; the last looks may speak for minutes of the next day. */
  readonly minutes: string;
  /** The gravest that a handshake of the day showed; absent where none was made. */
  readonly tls?: TlsSeen;
  /** By whose clocks its months began and ended, as the fleet said then; absent in roll-ups from before that was recorded. */
  readonly timezone?: string;
}

/** What was made of the records. */
export interface Evidence {
  readonly rounds: number;
  /** Keys of records that nobody can read: their minutes are as if nobody had looked. */
  readonly unreadable: readonly string[];
  /** Keys of records that lie where others belong, or speak of looks at other times. */
  readonly misplaced: readonly string[];
  /** Keys of records of looks that are still to come. */
  readonly fromTheFuture: readonly string[];
}

/**
 * `days/<yyyy-mm-dd>/statements.json.gz`: which records a report goes by beside rounds a site's ledger took on a day, and
 * in the first one of a site all before: windows, annotations, failovers, restore tests, passes over backups, and marks of
 * months that were published.
 */
export interface Statements {
  readonly day: string;
  readonly site: string;
  /** By their keys, in order. */
  readonly records: readonly Statement[];
}

/** What somebody said of maintenance or of an incident, or what was done. */
export interface Statement {
  readonly key: string;
  readonly sha256: string;
  /** What it is about, ISO 8601; null where nobody can tell: it may be about any time. */
  readonly from: string | null;
  /** Null: as long as its incident lasts. */
  readonly to: string | null;
}

/**
 * `days/<yyyy-mm-dd>/tickets.json.gz`: the requests for support that a site's ledger took something of on a day, as far as they had
 * been written, and in the first one of a site all before.
 */
export interface SealedTickets {
  readonly day: string;
  readonly site: string;
  /** By their keys, in order. */
  readonly tickets: readonly SealedTicket[];
}

/** A ledger only adds to a ticket: what it had by then is its first events. */
export interface SealedTicket {
  readonly key: string;
  /** How many. */
  readonly events: number;
  /** Of their JSON. */
  readonly sha256: string;
  /** From when it was opened to the last that happened or was due, ISO 8601; null where nobody can tell. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * `days/<yyyy-mm-dd>/left.json.gz`: the notes of customers who leave that a site's ledger took on a day, and in the first one of a
 * site all before.
 */
export interface SealedNotes {
  readonly day: string;
  readonly site: string;
  /** By their keys, in order. */
  readonly notes: readonly SealedNote[];
}

/** A note is written anew when its customer stays after all, or leaves again: the newest list that names it counts. */
export interface SealedNote {
  readonly key: string;
  readonly sha256: string;
  /** When they left, ISO 8601; null where nobody can read it. */
  readonly at: string | null;
}

/**
 * `seals/<yyyy-mm-dd>.json`: the day of a site. Its own SHA-256 is in the next one, so that whoever knows the newest knows that
 * none before it was changed.
 */
export interface Seal {
  readonly day: string;
  readonly site: string;
  /** SHA-256 of the JSON of each shard's roll-up. */
  readonly rollUps: Readonly<Record<string, string>>;
  /** Likewise of its statements; null: there were none. Absent in seals from before statements were sealed. */
  readonly statements?: string | null;
  /** Likewise of its tickets. */
  readonly tickets?: string | null;
  /** Likewise of its notes of customers who leave. */
  readonly left?: string | null;
  /** Null in a site's first one. */
  readonly previous: SealName | null;
}

export interface SealName {
  readonly day: string;
  readonly sha256: string;
}

/** `carried/<region>.json`: how far seals and roll-ups lie elsewhere too. */
export interface Carried {
  /** In the ledger of another site. */
  readonly mirrored?: CarriedTo;
  /** In the bucket of the frozen account. */
  readonly frozen?: CarriedTo;
}

export interface CarriedTo {
  /** Where that was: anywhere else nothing is yet. */
  readonly to: string;
  /** The last one. */
  readonly day: string;
}

/** Asks `sla-seals` what the frozen bucket has of its site. Days like `2026-10-01`. */
export interface SealsQuestion {
  readonly frozenSeals: readonly string[];
}

/** By day the JSON of its seal; null where none lies there. Empty where nothing is frozen. */
export type FrozenSeals = Readonly<Record<string, string | null>>;

/** Deployed in control, which is nobody's home: publishes the month that is over. */
export const REPORT_FUNCTION = "sla-report";

/** Without a month it is the last one that was over for some instance. */
export interface ReportQuestion {
  /** `2026-10` */
  readonly month: string;
}

/** `reports/<yyyy-mm>/published.json.gz`: written when all of a month's documents are there and all mails have left. */
export interface Published {
  readonly month: string;
  /** ISO 8601. */
  readonly at: string;
  /** By key, the SHA-256 of each document. */
  readonly documents: Readonly<Record<string, string>>;
}
