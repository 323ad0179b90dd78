import type { NoticeKind } from "./notices.ts";

/** `critical`: a person is wanted now. `warning`: soon, and nothing is down for it. `info`: nobody has to do anything. */
export type Severity = "critical" | "warning" | "info";

const SEVERITIES = {
  "incident-opened": "critical",
  "application-down": "critical",
  "recovery-needed": "critical",
  "failover-started": "info",
  "approval-wanted": "critical",
  "failover-done": "info",
  "failover-halted": "critical",
  "redundancy-degraded": "warning",
  "reprotect-done": "info",
  "reprotect-halted": "warning",
  "fence-debt-paid": "info",
  "fence-debt-owed-again": "critical",
  "records-debt-paid": "info",
  "incident-closed": "info",
  "region-lost": "critical",
  "storage-low": "warning",
  "standby-dropped": "warning",
  "standby-broken": "warning",
  "rows-unreadable": "warning",
  "certificate-ends": "warning",
  "certificate-well": "info",
  "site-silent": "critical",
  "site-heard": "info",
  "backups-troubled": "warning",
  "backups-well": "info",
  "recovery-unprepared": "warning",
  "recovery-prepared": "info",
  "fence-unsound": "warning",
  "account-drifted": "warning",
  "account-exposed": "info",
  "account-mended": "info",
  "delivery-troubled": "warning",
  "delivery-well": "info",
  "maintenance-announced": "info",
  "maintenance-cancelled": "info",
  "maintenance-ended": "info",
  "reply-due": "warning",
  "reply-missed": "warning",
  "person-called": "critical",
  "call-over": "info",
} as const satisfies Record<NoticeKind, Severity>;

export const SEVERITY_ORDER = [
  "info",
  "warning",
  "critical",
] as const satisfies readonly Severity[];

export const severityOf = ({ kind }: Told): Severity => SEVERITIES[kind];

interface Told {
  readonly kind: NoticeKind;
}

/** Higher is graver. */
export const gravityOf = (notice: Told): number => SEVERITY_ORDER.indexOf(severityOf(notice));

/** The gravest of several. */
export const gravest = (notices: readonly Told[]): Severity =>
  SEVERITY_ORDER[Math.max(0, ...notices.map(gravityOf))] ?? "info";
