import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import type { Discards, Reader, Restores, Shelf } from "./ports.ts";

export interface Here {
  /** Region of this site. */
  readonly region: string;
  readonly fleet: Fleet;
  readonly ledgers: Ledgers;
  readonly clock: Clock;
}

export interface RestoreWorld extends Here {
  readonly shelf: Shelf;
  readonly restores: Restores;
  readonly reader: Reader;
}

export interface DiscardWorld {
  readonly clock: Clock;
  readonly discards: Discards;
}

export function instanceOf({ fleet }: Here, id: string): Instance {
  const found = fleet.instances.find((instance) => instance.id === id);
  if (found) return found;
  const known = fleet.instances.map((each) => each.id).join(", ");
  throw new SlaError("UnknownInstance", "operator", `'${id}' is not in the fleet: it has ${known}`);
}
