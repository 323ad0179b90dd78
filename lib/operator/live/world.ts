import type { Fleet } from "../../sla/fleet.ts";
import type { TlsScan } from "../../sla/live/tls-grade.ts";
import type { AdoptWorld } from "../adopting/ports.ts";
import type { Mailing } from "../mailing.ts";
import type { Account } from "./account.ts";

export interface LiveWorld
  extends Pick<AdoptWorld, "databases" | "zones" | "secrets" | "stops" | "care" | "clock"> {
  readonly account: Account;
  readonly mailing: Mailing;
  /** Undefined for what is no https URL. */
  readonly tls: (url: string) => Promise<TlsScan | undefined>;
}

/** Undefined where it could not be looked at, which is noted. */
export type Attempt = <T>(what: string, looking: () => Promise<T>) => Promise<T | undefined>;

export interface Looking {
  readonly fleet: Fleet;
  readonly world: LiveWorld;
  readonly attempt: Attempt;
  /** Permissions go by tags of databases. */
  readonly byTag: boolean;
}
