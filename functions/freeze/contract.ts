import type { DumpedEngine, DumpedWith } from "../../lib/sla/dump-formats.ts";
import { text } from "../kernel/env.ts";

/** Freezes a restored backup: begins the task that dumps it, and looks after it. Deployed where frozen copies are made. */
export const FREEZE_FUNCTION = "sla-freeze";
export const FREEZE_CLUSTER = "sla-freeze";
/** How the families of its task definitions begin. */
export const FREEZE_TASK = "sla-freeze";
/** Family of the task definition that dumps databases of an engine. */
export const taskFamily = (engine: DumpedEngine) =>
  engine === "postgres" ? FREEZE_TASK : `${FREEZE_TASK}-${engine}`;
/** The two containers of the task. */
export const CONTAINERS = { dump: "dump", upload: "upload" } as const;
/** The one bucket of frozen copies, in the account that holds nothing else. */
export const frozenBucket = (account: string, region: string) => `sla-frozen-${account}-${region}`;

/** Named, because a policy in another account lets them in. */
export const freezeRoles = (region: string) => ({
  /** Of the task: writes dumps, reads nothing. */
  task: `sla-freeze-task-${region}`,
  /** Of the function: reads what was written, writes manifests. */
  function: `sla-freeze-${region}`,
});

/** What lies in a folder of the bucket; the receipt is written when all else is there. */
export const FILES = {
  dump: "database.dump",
  contents: "contents.txt",
  receipt: "receipt.json",
} as const;

/** One folder for each attempt, so that none writes over another's. */
export const attemptFolder = (instance: string, backup: string, attempt: string) =>
  `${instance}/${backup}/${attempt}`;
/** Written once: it says which attempt's dump is the backup's. */
export const manifestKey = (instance: string, backup: string) =>
  `${instance}/${backup}/manifest.json`;

const days = (raw: string): number => {
  const value = Number(raw);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`expected a number of days, got '${raw}'`);
};

/** Where tasks run, and where dumps go and for how long. */
export const freezeEnv = {
  /** Comma-separated. */
  FREEZE_SUBNETS: text,
  FREEZE_GROUP: text,
  FROZEN_BUCKET: text,
  FROZEN_DAYS: days,
};
export type FreezeEnv = Record<keyof typeof freezeEnv, string>;

/** Begins the dump; the same again finds the one that is under way. Then looks until it is there. */
export type FreezeStep = "freeze-start" | "freeze-look";

/** Codes: `NotYet` while the task runs, `FreezeFailed` if it ended without a dump that can be relied on. */
export const FREEZE_FAILED = "FreezeFailed";

/** A restored backup whose content was proven. */
export interface FreezeCase {
  readonly request: { readonly instance: string; readonly backup: string };
  /** RDS identifier of the restored instance: a new one for every restore. */
  readonly name: string;
  readonly endpoint: { readonly host: string; readonly port: number };
  /** Of MariaDB and MySQL all databases of the server are dumped. */
  readonly databaseName: string;
  readonly masterUsername: string;
  /** Absent: PostgreSQL. */
  readonly engine?: DumpedEngine;
  /** ISO 8601: instant of the data. */
  readonly takenAt: string;
  /** Rows by table, as the content proof counted them. */
  readonly counts?: Readonly<Record<string, number>>;
}

export interface FreezeEvent {
  readonly step: FreezeStep;
  readonly case: FreezeCase & Partial<Freezing>;
}

/** What `freeze-start` adds. */
export interface Freezing {
  readonly freezing: {
    readonly attempt: string;
    /** ARN; absent where the backup had been frozen before. */
    readonly task?: string;
  };
}

/** What `freeze-look` adds. */
export interface Frozen {
  readonly frozen: {
    readonly bucket: string;
    /** Of the dump. */
    readonly key: string;
    readonly sha256: string;
    readonly bytes: number;
    /** ISO 8601: nobody can delete it before. */
    readonly retainUntil: string;
  };
}

/** What a person's command asks of the function instead of a step. */
export interface FrozenQuestion {
  readonly copiesOf: string;
}

/** A frozen copy that lies in the bucket as its manifest says. */
export interface FrozenCopy
  extends Pick<
      Manifest,
      "backup" | "takenAt" | "database" | "dump" | "untransacted" | "retainUntil"
    >,
    DumpedWith {
  /** Absent where there were too many tables to be counted one by one. */
  readonly counted?: { readonly tables: number; readonly rows: number };
}

/** `manifest.json`, for whoever restores the dump, with or without this product. */
export interface Manifest extends DumpedWith {
  readonly instance: string;
  readonly backup: string;
  /** ISO 8601: instant of the data. */
  readonly takenAt: string;
  /** Of MariaDB and MySQL those of the customer that are in it, separated by commas. */
  readonly database: string;
  readonly dump: {
    readonly key: string;
    readonly sha256: string;
    readonly bytes: number;
  };
  readonly contents: {
    /** Of what whoever has read the dump to its end says is in it. */
    readonly key: string;
    readonly entries: number;
  };
  /** Tables of engines without transactions: what was being written to them when the backup was taken may be there by half. Absent: there are none. */
  readonly untransacted?: readonly string[];
  readonly counts?: Readonly<Record<string, number>>;
  readonly retainUntil: string;
}
