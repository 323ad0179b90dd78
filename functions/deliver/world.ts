import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FileShelf, Messenger, OpenDepot, Secrets, Shelf } from "./ports.ts";

/** What an invocation works with. */
export interface DeliverWorld {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly shelf: Shelf;
  readonly files: FileShelf;
  readonly secrets: Secrets;
  readonly openDepot: OpenDepot;
  readonly messenger: Messenger;
  /** Aborted shortly before Lambda ends the invocation, which it does then. */
  readonly signal: AbortSignal;
  readonly until: Date;
  /** When the signal is aborted. */
  readonly leaves: Date;
}
