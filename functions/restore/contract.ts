import type { NOT_YET } from "../failover/contract.ts";
import type { Frozen } from "../freeze/contract.ts";

/** Deterministic name, in every site, of the machine that restores a backup of its region and proves what came back. */
export const RESTORE_TEST_MACHINE = "sla-restore-test";

/** Restores backups under names of tests, asks what is in them, and tags backups with what came of it. */
export const RESTORE_FUNCTION = "sla-restore";
/** Deletes what was restored for a test, and nothing else; every two hours also what a crash has left. */
export const DISCARD_FUNCTION = "sla-restore-discard";

/** Subnets of a site's databases as RDS wants them; the deployment makes it. */
export const SUBNET_GROUP = "sla-restore";
/** Password of all databases that are restored for a test in a site: nothing but our functions reaches them. */
export const RESTORE_SECRET = "sla/restore";

/** How the names of all of them begin; RDS lets nobody else's begin so only if nobody else calls them so. */
export const TEST_PREFIX = "sla-test-";
/** Tags of such a database: for which test, and when it is an orphan. */
export const TEST_TAGS = { test: "sla:restore-test", until: "sla:until" } as const;

/** Plan seconds after which a test gives up and deletes what it has restored. */
export const TEST_SECONDS = 8 * 3600;
/** Plan seconds after which whoever finds such a database deletes it. */
export const ORPHAN_SECONDS = 10 * 3600;

/** Input of an execution. */
export interface RestoreTestRequest {
  readonly instance: string;
  /** Name of a backup in this region. */
  readonly backup: string;
  readonly trigger: "schedule" | "person";
}

/** What `sla-restore` is asked by whoever finds tests due: to begin them in its region. */
export interface TestRequest {
  readonly tests: readonly { readonly id: string; readonly instance: string }[];
}

/**
 * One that begins twice is one: of the schedule within a day, so that a pass which does not see the tag of the test yet begins no
 * other. A person may ask as often as they like.
 */
export const restoreTestName = ({ backup, trigger }: RestoreTestRequest, now: Date): string => {
  const instant = now.toISOString().replace(/\D/g, "").slice(0, 17);
  const stamp = trigger === "person" ? instant : instant.slice(0, 8);
  return `rt-${stamp}-${backup}`.slice(0, 80);
};

/** That of its execution, of which this is the ARN. */
export const nameOfTest = (execution: string): string =>
  execution.slice(execution.lastIndexOf(":") + 1);

/** `rt-20261121`: the day on which a test of that name began. */
export const dayOfTest = (name: string): string => name.slice(0, 11);

/** The machine, in order. A step that answers `NotYet` is asked again after `everySeconds`. */
export const RESTORE_TEST_STEPS = [
  { state: "Pick", step: "pick", by: "restore", everySeconds: 60 },
  { state: "Restore", step: "restore", by: "restore", everySeconds: 60 },
  { state: "Available", step: "available", by: "restore", everySeconds: 60 },
  { state: "Open", step: "open", by: "restore", everySeconds: 30 },
  { state: "Examine", step: "examine", by: "restore", everySeconds: 10 },
  { state: "Compare", step: "compare", by: "restore", everySeconds: 60 },
] as const satisfies readonly RestoreTestState[];

/** Between the two, where the site freezes what was proven; its function is another's. */
export const FREEZE_STATES = [
  { state: "FreezeStart", step: "freeze-start", by: "freeze", everySeconds: 30 },
  { state: "FreezeLook", step: "freeze-look", by: "freeze", everySeconds: 30 },
] as const satisfies readonly RestoreTestState[];

/** Where it goes whatever happened: nothing is left behind, and what was found is kept. */
export const RESTORE_TEST_ENDS = [
  { state: "Discard", step: "discard", by: "discard", everySeconds: 60 },
  { state: "Record", step: "record", by: "restore", everySeconds: 60 },
] as const satisfies readonly RestoreTestState[];

interface RestoreTestState {
  readonly state: string;
  readonly step: string;
  readonly by: "restore" | "discard" | "freeze";
  readonly everySeconds: number;
}

export type RestoreTestStep =
  | (typeof RESTORE_TEST_STEPS)[number]["step"]
  | (typeof RESTORE_TEST_ENDS)[number]["step"]
  | "failed";

/**
 * Error names beside `NotYet` and those of the cloud: `BackupUnfit` (not there, not ours, not available), `RestoreRefused` (RDS says why),
 * `RestoreBroken` (it came up in a status that does not pass), `RestoreTimedOut`, `ContentRefused` (the database lets nobody in),
 * `NotProven` (its content is not what it should be), `FreezeFailed` (it is, but no frozen copy could be made of it).
 */
export const TEST_FAILURES = [
  "BackupUnfit",
  "RestoreRefused",
  "RestoreBroken",
  "RestoreTimedOut",
  "ContentRefused",
  "NotProven",
] as const;
export type TestFailure = (typeof TEST_FAILURES)[number] | typeof NOT_YET;

/** One thing that a restore has to show, with what was found. */
export interface TestCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

/** `restores/<instance>/<test>/record.json`: instants ISO 8601, durations in seconds. */
export interface RestoreTestRecord {
  readonly instance: string;
  readonly test: string;
  readonly backup: string;
  readonly region: string;
  readonly trigger: RestoreTestRequest["trigger"];
  readonly ok: boolean;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Of its data. */
  readonly takenAt?: string;
  /** From the request to RDS to the first answer of the database. */
  readonly restoreSeconds?: number;
  /** From there until everything was read. */
  readonly proofSeconds?: number;
  readonly tables?: number;
  readonly rows?: number;
  readonly checks: readonly TestCheck[];
  readonly failure?: { readonly code: string; readonly message: string };
  /** Name of the database that it was restored to. */
  readonly database?: string;
  /** Where a frozen copy was made of it. */
  readonly frozen?: Frozen["frozen"];
}
