import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { A_MINUTE, type SlaAlarm } from "./alarms.ts";
import type { Alerts } from "./alerts.ts";
import type { Backups } from "./backups.ts";
import type { BundledFunction } from "./bundled-function.ts";
import type { Databases } from "./databases.ts";
import type { Debts } from "./debts.ts";
import type { Failover } from "./failover.ts";
import { type Files, fileAlarms } from "./files.ts";
import type { Recovering } from "./recovering.ts";
import type { Reprotect } from "./reprotect.ts";
import type { Restoring } from "./restoring.ts";
import type { Watching } from "./watching.ts";

export interface Watched {
  readonly alerts: Alerts;
  readonly backups: Backups;
  readonly databases: Databases;
  readonly debts: Debts;
  readonly failover: Failover;
  readonly files: Files;
  readonly recovering: Recovering;
  readonly reprotect: Reprotect;
  readonly restoring: Restoring;
  readonly watching: Watching;
}

/** All that can go wrong in a site without anybody else saying so. */
export const siteAlarms = ({
  alerts,
  backups,
  databases,
  debts,
  failover,
  files,
  recovering,
  reprotect,
  restoring,
  watching,
}: Watched): readonly SlaAlarm[] => [
  silent("watch-silent", watching.watch, "No look has begun: nothing is watched from here."),
  failing("watch-failing", watching.watch, "Looks end with an error."),
  silent(
    "heartbeats-silent",
    watching.beat,
    "No heartbeat is written: the RPO at risk is unknown.",
  ),
  failing(
    "heartbeats-failing",
    watching.beat,
    "Some heartbeats are not written: their RPO is unknown.",
  ),
  failing("sql-failing", databases.sql, "The function that speaks SQL ends with an error."),
  { ...failing("mail-failing", alerts.notify, "Alerts do not leave."), minutes: 1 },
  lost("mails-lost", alerts.deadLetters, "Mails were given up after three attempts."),
  lost("ticks-lost", watching.deadLetters, "Schedules could not wake their functions."),
  {
    ...failing("fence-debts", debts.payer, "What is owed in a region that answers cannot be paid."),
    minutes: 15,
  },
  {
    ...failing(
      "records-debts",
      debts.records,
      "DNS records cannot be written although Route 53 answers: a STOP flag stands in for them.",
    ),
    minutes: 15,
  },
  ...backupAlarms({ backups, restoring }),
  ...fileAlarms(files),
  {
    name: "failover-halted",
    means: "A failover stopped and waits for a person.",
    metric: failover.machine.metricFailed(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "failover-timed-out",
    means: "A failover was still under way after a day and was broken off.",
    metric: failover.machine.metricTimedOut(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "recovery-halted",
    means: "Bringing an instance back from what is kept stopped and waits for a person.",
    metric: recovering.machine.metricFailed(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "recovery-timed-out",
    means: "Bringing an instance back was still under way after a day and was broken off.",
    metric: recovering.machine.metricTimedOut(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "reprotect-failed",
    means: "No new standby could be built: nothing stands by for an instance.",
    metric: reprotect.machine.metricFailed(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "reprotect-timed-out",
    means: "For a week no new standby could be built: nothing stands by for an instance.",
    metric: reprotect.machine.metricTimedOut(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
];

const backupAlarms = ({
  backups,
  restoring,
}: Pick<Watched, "backups" | "restoring">): readonly SlaAlarm[] => [
  {
    name: "backups-silent",
    means: "Nobody has looked after the backups of this region for an hour.",
    metric: backups.reconciler.function.metricInvocations({ period: Duration.hours(1) }),
    ...{ threshold: 1, when: "less than", minutes: 1, silence: "bad" },
  },
  {
    name: "backups-failing",
    means: "Passes over the backups of this region end with an error, or put work off.",
    metric: backups.reconciler.function.metricErrors({ period: Duration.hours(1) }),
    ...{ threshold: 3, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "restore-tests-failing",
    means: "A backup was restored for a test and could not be proven.",
    metric: restoring.machine.metricFailed(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "restore-tests-timed-out",
    means: "A restore test did not end: what it restored may still be there.",
    metric: restoring.machine.metricTimedOut(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "restore-leftovers",
    means:
      "What was restored for tests cannot be deleted: it costs as much as a database in service.",
    // As it is woken: an hour between two of them would end what is in a row.
    metric: restoring.discard.function.metricErrors({ period: Duration.hours(2) }),
    ...{ threshold: 1, when: "at least", minutes: 2, silence: "good" },
  },
];

/** Nothing has begun for three minutes. */
export const silent = (
  name: string,
  { function: it }: BundledFunction,
  means: string,
): SlaAlarm => ({
  ...{ name, means, metric: it.metricInvocations(A_MINUTE) },
  ...{ threshold: 1, when: "less than", minutes: 3, silence: "bad" },
});

/** Errors in three minutes in a row. */
export const failing = (
  name: string,
  { function: it }: BundledFunction,
  means: string,
): SlaAlarm => ({
  ...{ name, means, metric: it.metricErrors(A_MINUTE) },
  ...{ threshold: 1, when: "at least", minutes: 3, silence: "good" },
});

const lost = (name: string, queue: Queue, means: string): SlaAlarm => ({
  ...{ name, means, metric: queue.metricApproximateNumberOfMessagesVisible(A_MINUTE) },
  ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
});
