import type { FailoverRequest } from "../failover/contract.ts";
import type { ReprotectRequest } from "../failover/reprotect-contract.ts";
import type { NotifyRequest } from "../notify/contract.ts";
import type { ProbeAnswer, ProbeRequest } from "../probe/contract.ts";
import type { Beat, Reading, SqlResult, SqlTarget, Storage } from "../sql/contract.ts";

/** The regions from which instances are probed. Rejects if a vantage does not answer in time. */
export interface Vantages {
  probe(region: string, request: ProbeRequest): Promise<ProbeAnswer>;
}

/** Where the databases of a region answer, by RDS identifier; `CloudUnreachable` if the region does not. */
export interface Inventory {
  describe(region: string): Promise<ReadonlyMap<string, Endpoint>>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly allocatedBytes?: number;
  /** Of a replica: `replicating`, `error`, `terminated`… */
  readonly replication?: readonly string[];
}

/** Heartbeats, through the sql function of the region the databases are in. */
export interface Pulse {
  read(region: string, targets: readonly SqlTarget[]): Promise<readonly SqlResult<Reading>[]>;
  beat(region: string, targets: readonly SqlTarget[]): Promise<readonly SqlResult<Beat>[]>;
}

/** What fills the storage of primaries, through the same function. */
export interface Gauge {
  storage(region: string, targets: readonly SqlTarget[]): Promise<readonly SqlResult<Storage>[]>;
}

/** Starts failovers; the same request twice starts one. */
export interface Starter {
  start(request: FailoverRequest): Promise<void>;
}

/** Starts the machine that replaces a standby, in a region; the same request twice starts one. */
export interface Replacer {
  start(region: string, request: ReprotectRequest): Promise<void>;
}

/** Hands notices to `notify`; resolves when they are accepted, not when they are sent. */
export interface Messenger {
  notify(request: NotifyRequest): Promise<void>;
}
