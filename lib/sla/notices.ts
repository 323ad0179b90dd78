/** All that people, and webhooks, are told of. */
export const NOTICES = [
  "incident-opened",
  "application-down",
  /** The database is gone and nothing recovers it by itself. */
  "recovery-needed",
  "failover-started",
  /** It waits for a person; who is asked gets links of their own. */
  "approval-wanted",
  "failover-done",
  "failover-halted",
  "redundancy-degraded",
  "reprotect-done",
  "reprotect-halted",
  "fence-debt-paid",
  "fence-debt-owed-again",
  /** A flag had moved DNS; now the records say so too. */
  "records-debt-paid",
  "incident-closed",
  /** All instances of a region, or most while it is silent itself: one trouble, told once. */
  "region-lost",
  /** The log kept for a standby fills the storage of its primary; the standby does not replicate any more. */
  "storage-low",
  /** It was given up for that; nothing stands by until a new one does. */
  "standby-dropped",
  "standby-broken",
  "rows-unreadable",
  /** The certificate of an application ends soon, and does not any more. */
  "certificate-ends",
  "certificate-well",
  /** The watch of another site ends no rounds, or ends them again. */
  "site-silent",
  "site-heard",
  /** Backups are late, refused or cannot be counted, and are again as they should be. */
  "backups-troubled",
  "backups-well",
  /** What a recovery in a region would need has changed since it was prepared, and is there again. */
  "recovery-unprepared",
  "recovery-prepared",
  /** Somebody else is let into quarantine, or our own functions are not. */
  "fence-unsound",
  /** What the daily look at the account found: a promise hangs on it, it will some night, it is mended. */
  "account-drifted",
  "account-exposed",
  "account-mended",
  /** Dumps do not get to the customer's own destination, and get there again. */
  "delivery-troubled",
  "delivery-well",
  /** A window of maintenance: to come or under way, not to come after all, over before its time. */
  "maintenance-announced",
  "maintenance-cancelled",
  "maintenance-ended",
  /** A first reply to a ticket is due soon; or it was, and nobody has answered. */
  "reply-due",
  "reply-missed",
  /** Nobody acknowledges an incident: whoever is on call next; and that they are called for it no more. */
  "person-called",
  "call-over",
] as const;
export type NoticeKind = (typeof NOTICES)[number];
