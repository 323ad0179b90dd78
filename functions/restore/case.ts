import type { DumpedEngine } from "../../lib/sla/dump-formats.ts";
import type { Frozen } from "../freeze/contract.ts";
import type { RestoreTestRequest, TestCheck } from "./contract.ts";

/** What the machine hands from step to step; instants ISO 8601. */
export interface Begun {
  readonly request: RestoreTestRequest;
  /** ARN. */
  readonly execution: string;
  readonly startedAt: string;
  /** Present once a step has failed. */
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface Picked extends Begun {
  /** Name of the test: that of the execution. */
  readonly name: string;
  /** RDS identifier that the backup is restored to. */
  readonly database: string;
  readonly takenAt: string;
  /** Database in which the SLA tables live. */
  readonly databaseName: string;
  /** Present where somebody waits for a dump of it. */
  readonly forDump?: true;
}

export interface Asked extends Picked {
  readonly askedAt: string;
}

export interface Available extends Asked {
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly masterUsername: string;
}

export interface Examined extends Available {
  /** First answer of the database. */
  readonly readableAt: string;
  readonly examinedAt: string;
}

export interface Compared extends Examined {
  readonly checks: readonly TestCheck[];
  readonly tables: number;
  readonly rows: number;
  /** Present where a frozen copy is to be made of it. */
  readonly freeze?: true;
  /** Of what is frozen; absent: PostgreSQL. */
  readonly engine?: DumpedEngine;
  /** For its manifest; absent where there are too many to be carried. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** At the end anything may be missing. */
export type Ended = Begun & Partial<Compared> & Partial<Frozen>;
