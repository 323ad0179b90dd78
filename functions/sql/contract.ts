import type { Engine } from "../../lib/sla/engine.ts";

/** Deployed in every site, inside its VPC. Everything it needs comes in the event. */
export const SQL_FUNCTION = "sla-sql";

/** Schemas that are the server's own, or RDS's, of MariaDB and MySQL. */
export const SERVER_SCHEMAS = [
  ...["mysql", "information_schema", "performance_schema", "sys", "innodb", "tmp"],
] as const;

/** Most targets of one invocation: two turns of servers that take no connection end before a look does. */
export const SQL_BATCH = 80;

/** Deployed likewise; reads whole databases, only those that were restored for a test. */
export const CONTENT_FUNCTION = "sla-content";

/** Deployed likewise; gives databases that were restored the passwords of now. */
export const ADOPT_FUNCTION = "sla-adopt";

export interface SqlTarget {
  readonly instance: string;
  /** Real endpoint name, so that the server's certificate matches. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Name in Secrets Manager of this site. */
  readonly secret: string;
  /** Instead of the one in the secret. */
  readonly username?: string;
  /** Absent: PostgreSQL. */
  readonly engine?: Engine;
  /** Of `storage` of MariaDB and MySQL: how far its standby has applied its log, which the server itself does not know. */
  readonly applied?: string;
}

/** One operation on many targets; each target succeeds or fails by itself. */
export type SqlRequest =
  | { readonly operation: "beat"; readonly targets: readonly SqlTarget[] }
  | { readonly operation: "read"; readonly targets: readonly SqlTarget[] }
  | { readonly operation: "storage"; readonly targets: readonly SqlTarget[] }
  | { readonly operation: "figures"; readonly targets: readonly SqlTarget[] }
  | { readonly operation: "sever"; readonly targets: readonly SqlTarget[] }
  | {
      readonly operation: "prove";
      readonly targets: readonly SqlTarget[];
      readonly epoch: number;
      readonly execution: string;
    }
  | {
      readonly operation: "diverge";
      readonly targets: readonly SqlTarget[];
      /** `Reading.horizon` of the standby that was promoted. */
      readonly horizon: string;
    };

export interface SqlAnswer<T> {
  readonly results: readonly SqlResult<T>[];
}

export type SqlResult<T> =
  | { readonly instance: string; readonly ok: true; readonly value: T }
  | { readonly instance: string; readonly ok: false; readonly failure: SqlFailure };

export interface SqlFailure {
  /**
   * `unreachable`: nothing answers at that address. `refused`: something answers and says no
   * (credentials, read-only, permission). `timed-out`: connected, no answer in time. `unasked`: we have no
   * login to ask with, which says nothing of the server.
   */
  readonly kind: "unreachable" | "refused" | "timed-out" | "unasked";
  readonly message: string;
  /** SQLSTATE or errno, if any. */
  readonly code?: string;
}

/** `beat`: the heartbeat row just committed on the primary. */
export interface Beat {
  /** The database server's clock, ISO 8601. */
  readonly at: string;
  readonly sequence: number;
}

/** `read`: what a server (primary or standby) says of itself. */
export interface Reading {
  /** Newest heartbeat row visible here; absent if none was ever written. */
  readonly beat?: Beat;
  /** The server's clock, ISO 8601. */
  readonly now: string;
  /** It follows another server, or is closed to writes: MariaDB and MySQL say both apart. */
  readonly inRecovery: boolean;
  /** Positions in the log of the primary, as `lib/sla/log-position.ts` reads them. */
  readonly receivedLsn?: string;
  readonly replayedLsn?: string;
  /** Bytes received and not yet replayed; of MariaDB and MySQL so many at most. */
  readonly undrainedBytes?: number;
  /** True while a WAL receiver is connected; `received = replayed` also holds on a dead link. */
  readonly streaming: boolean;
  /** Client sessions other than ours and replication. */
  readonly sessions: number;
  /**
   * All transactions below this one (64 bits, as text) are finished and seen by this server. Of MariaDB and MySQL: those that it
   * holds, by their global ids; absent where they have none.
   */
  readonly horizon?: string;
}

/** `storage`: what fills that of a primary, in bytes. */
export interface Storage {
  /** All databases that the login may look into. */
  readonly databaseBytes: number;
  /** Log kept for whoever is farthest behind; 0 if for nobody. Of MariaDB and MySQL: for the standby, if the target says how far that is. */
  readonly retainedBytes: number;
  /** Who that is: a replica of the whole server, or a subscriber to some of its tables. */
  readonly keptFor: "replica" | "subscriber" | "nobody";
  /** Slots of replicas that keep any log. */
  readonly replicaSlots: number;
  /** Somebody is connected to that replica's slot. */
  readonly isFetched: boolean;
  /** Tables of customers that the login may not read. Absent in answers of before, like `changed`. */
  readonly unreadTables?: number;
  readonly changed?: Changed;
}

/** What a database has counted of itself, all transactions and all tables, rolled back ones as well. */
export interface Changed {
  readonly deleted: number;
  readonly updated: number;
  /** Another as soon as the server has forgotten what it counted: it crashed, or somebody reset its statistics. */
  readonly counting: string;
}

/** `figures`: what a backup taken now would hold; nothing is read but the catalogue. */
export interface Figures {
  /** The server's clock, ISO 8601. */
  readonly at: string;
  /** Digest of all tables, columns, indexes and constraints. */
  readonly schema: string;
  /** Estimated rows by table, so many at least; absent where nothing is known. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What `sla-content` is asked: to go through a restored database from there on. */
export interface ContentRequest {
  readonly target: SqlTarget;
  /** `Content.next` of the answer before; absent: from the beginning. */
  readonly from?: ContentCursor;
  /** Whether rows are summed up as well: every value is read once more. */
  readonly sums?: true;
}

/** A table that is not finished. */
export interface ContentCursor {
  readonly table: string;
  /** First block that is not read yet. Of MariaDB and MySQL: 1 once all rows are read. */
  readonly block: number;
  /** Of MariaDB and MySQL: first value not read yet of the leading column of the primary key. */
  readonly key?: string;
  readonly rows: number;
  readonly problems: readonly string[];
  readonly unread?: Unread;
  /** Of the rows that were summed up; absent: none was. */
  readonly sum?: string;
  /** Last of its indexes that was looked through. */
  readonly index?: string;
}

/** Why rows of a table could not be counted; its blocks were checked nevertheless. */
export interface Unread {
  /** In the words of the server. */
  readonly because: string;
  /** Nobody but RDS can do anything about it. */
  readonly isOfExtension: boolean;
}

export interface Content {
  /** Only in the first answer. */
  readonly head?: ContentHead;
  /** Finished in this answer. */
  readonly tables: readonly ContentTable[];
  /** Indexes that would have taken too long, and how the server said so. */
  readonly unchecked: readonly { readonly index: string; readonly because: string }[];
  /** How many indexes were looked through. */
  readonly indexes: number;
  readonly next?: ContentCursor;
}

export interface ContentHead {
  /** The server's clock before anything was read, ISO 8601. */
  readonly at: string;
  readonly beat?: Beat;
  /** `15.18` */
  readonly version: string;
  /** As in `Figures`. */
  readonly schema: string;
  /** Further databases of the server, of which nothing is read; absent: there are none. */
  readonly others?: readonly string[];
}

export interface ContentTable {
  /** Quoted as SQL needs it, with its schema. */
  readonly table: string;
  readonly rows: number;
  /** Damage that was found, in the words of the server. */
  readonly problems: readonly string[];
  readonly unread?: Unread;
  /** Of all its rows, whatever their order: equal for equal rows. Absent where nobody asked, or they cannot all be read. */
  readonly sum?: string;
}

/** What `sla-adopt` is asked, of a target that is opened as its master. */
export interface AdoptRequest {
  readonly target: SqlTarget;
  /** Names in Secrets Manager of this site, each of one login. */
  readonly secrets: readonly string[];
}

export interface Adopted {
  /** As in `Reading`, before anything was changed: what the backup holds. */
  readonly horizon: string;
  /** Logins that have the passwords of now, and those that the backup does not know. */
  readonly given: readonly string[];
  readonly missing: readonly string[];
}

/** `sever`: sessions of clients ended, and how many were still there afterwards. */
export interface Severed {
  readonly ended: number;
  readonly left: number;
}

/** `prove`: a committed write on the new primary. */
export interface ProofWrite {
  readonly at: string;
  readonly inRecovery: false;
}

/** `diverge`: what an old primary holds that the standby had not seen when it was promoted. */
export interface Divergence {
  /** Tables with rows written since; of rows deleted since only `changed` has a trace. */
  readonly tables: readonly DivergentTable[];
  /** Tables that could not be looked through, and why. */
  readonly unread: readonly { readonly table: string; readonly because: string }[];
  /** Absent: it does not say. */
  readonly changed?: Changed;
}

export interface DivergentTable {
  /** Quoted as SQL needs it, with its schema. */
  readonly table: string;
  readonly count: number;
  /** The rows as JSON objects, as many as an answer carries. */
  readonly rows: readonly unknown[];
}
