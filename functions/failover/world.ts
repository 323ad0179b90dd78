import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import type {
  Adopting,
  Executions,
  Fence,
  Kept,
  Messenger,
  Oracle,
  Recoveries,
  Registry,
  Removals,
  Replicas,
  Reprotects,
  Signpost,
  Sql,
  Standby,
  StopChecks,
  Vantages,
} from "./ports.ts";

/** Every step knows where and when it is; the rest is what its function may touch. */
export interface Here {
  /** Region of this site. */
  readonly region: string;
  readonly fleet: Fleet;
  readonly ledgers: Ledgers;
  readonly clock: Clock;
}

export interface AssessWorld extends Here {
  readonly registry: Registry;
  readonly sql: Sql;
  readonly vantages: Vantages;
  readonly executions: Executions;
  readonly messenger: Messenger;
}

export interface AskWorld extends Here {
  readonly messenger: Messenger;
}

export interface FenceWorld extends Here {
  readonly registry: Registry;
  readonly sql: Sql;
  readonly fence: Fence;
}

/** Who pays debts fences as the failover does, and tells what came of it. */
export interface DebtWorld extends FenceWorld {
  readonly messenger: Messenger;
}

export interface PromoteWorld extends Here {
  readonly registry: Registry;
  readonly sql: Sql;
  readonly standby: Standby;
}

export interface FlipWorld extends Here {
  readonly signpost: Signpost;
  readonly oracle: Oracle;
  readonly vantages: Vantages;
  readonly stopChecks: StopChecks;
}

/** Who writes records later; reads, but changes no database. */
export interface RecordsWorld extends Here {
  readonly registry: Registry;
  readonly signpost: Signpost;
  readonly oracle: Oracle;
  readonly checks: StopChecks;
  readonly messenger: Messenger;
}

export interface RecordWorld extends Here {
  readonly messenger: Messenger;
  readonly reprotects: Reprotects;
}

export interface BuildWorld extends Here {
  readonly registry: Registry;
  readonly replicas: Replicas;
  /** Lets clients into clusters again, where RDS itself has made the old primary the new standby. */
  readonly fence: Pick<Fence, "admitOnly">;
}

/** Who brings an instance back from what its region keeps. */
export interface RecoverWorld extends AssessWorld {
  readonly kept: Kept;
  readonly recoveries: Recoveries;
  readonly adopting: Adopting;
}

export interface DropWorld extends Here {
  readonly registry: Registry;
  readonly sql: Sql;
  readonly removals: Removals;
}

export function instanceOf({ fleet }: Here, id: string): Instance {
  const found = fleet.instances.find((instance) => instance.id === id);
  if (found) return found;
  throw new SlaError(
    "UnknownInstance",
    "operator",
    `'${id}' is not in the deployed fleet, which has ${fleet.instances.map((each) => each.id).join(", ")}`,
  );
}
