import type { ClauseName } from "./backups/clause.ts";
import type { Settled } from "./books/availability.ts";
import type { Happenings } from "./books/happenings.ts";
import type { Hour } from "./books/hours.ts";
import type { Outage } from "./books/minute-runs.ts";
import type { Span } from "./books/month.ts";
import type { Period } from "./plan.ts";
import type { SupportMonth } from "./support/support-month.ts";
import type { TlsMonth } from "./tls-month.ts";

/** `not-shown`: the ledger holds too little to say; `no-case`: nothing happened that it is about. */
export type Kept = "kept" | "broken" | "not-shown" | "no-case";

export const keptIf = (isKept: boolean): Kept => (isKept ? "kept" : "broken");

/** What was sold and what was measured of it in a month; in units, not in words. */
export interface PromiseKept {
  readonly promise: Measured;
  readonly sold: Amount;
  /** Null: the ledger shows nothing of it. */
  readonly measured: Amount | null;
  readonly status: Kept;
  /** It may still turn out to be more: an old primary is not fenced yet. */
  readonly isProvisional?: true;
  /** It was measured, or part of it, where somebody cut a primary off on purpose. */
  readonly isExercised?: true;
  /** Of a rotation: which parts of its sentence were broken. */
  readonly clauses?: readonly ClauseName[];
  /** Keys of the ledger, or what the keys begin with. */
  readonly evidence: readonly string[];
}

export type Amount =
  | { readonly unit: "percent"; readonly text: string }
  | { readonly unit: "seconds"; readonly seconds: number }
  | { readonly unit: "period"; readonly period: Period }
  | { readonly unit: "days"; readonly days: number; readonly of: number }
  | { readonly unit: "places" | "copies" | "backups" | "versions"; readonly count: number }
  /** Replies: in time, of so many that were due. */
  | { readonly unit: "replies"; readonly inTime: number; readonly of: number }
  /** In no language: `TLSv1.3`, 29 days left. */
  | { readonly unit: "tls"; readonly text: string; readonly days?: number }
  /** ISO 8601. */
  | { readonly unit: "instant"; readonly at: string };

type Measured =
  | "availability"
  | "rtoServer"
  | "rpoServer"
  | "rtoSite"
  | "rpoSite"
  | "dailyBackups"
  | "rotation"
  | "instanceVersions"
  | "copies"
  | "frozen"
  | "restoreTests"
  | "imageTests"
  | "encryption"
  | "replies";

/** What a month is judged by. */
export interface Judged extends Pick<Settled, "availability" | "objective" | "held" | "provable"> {
  readonly happened: Happenings;
  readonly tls?: TlsMonth;
  readonly support?: SupportMonth;
  /** What was down of it as it counts, oldest first. */
  readonly outages: readonly Outage[];
  /** Of the month, as far as it is asked about, by the clocks of backups. */
  readonly hours: readonly Hour[];
  /** By whose clocks backups are taken and rotated. IANA name. */
  readonly timezone: string;
  /** What of the month is over. */
  readonly span: Span;
}
