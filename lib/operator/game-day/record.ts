import type { Measured } from "../../../functions/failover/measure.ts";
import type { Seat } from "../../sla/roles.ts";

/** Of a database: whose primary it may be that a game day cuts off. Its value is the id of the instance. */
export const GAME_DAY_TAG = "sla:game-day";

/** Written into every ledger before anything is changed: whoever finds it can put everything back. Instants are ISO 8601. */
export interface GameDayBegun {
  readonly instance: string;
  /** `gd-canary-20261121100045000` */
  readonly id: string;
  readonly at: string;
  /** ARN of whoever typed its name. */
  readonly by: string;
  readonly reason: string;
  readonly epoch: number;
  /** The primary that is cut off, and the groups that it had. */
  readonly seat: Seat;
  readonly groups: readonly string[];
  /** The one that admits nobody. */
  readonly group: string;
  /** Where failovers of it run and leave their evidence. */
  readonly owner: string;
  /** Of failovers from the same epoch that were there before: halted ones. */
  readonly known: readonly string[];
  /** Called off by itself unless somebody is promoted by then. */
  readonly until: string;
}

/**
 * `recovered`: the standby serves. `called-off`: the primary got its clients back. `unserved`: neither, when nobody waited any longer.
 */
export type GameDayOutcome = "recovered" | "called-off" | "unserved";

/** What a client of the page saw; seconds are real ones. */
export interface ClientView {
  readonly looks: number;
  readonly bad: number;
  readonly lastGoodAt?: string;
  readonly firstBadAt?: string;
  /** After the last bad look. */
  readonly goodAgainAt?: string;
}

/** Written once, at its end. */
export interface GameDayRecord extends GameDayBegun {
  readonly endedAt: string;
  readonly outcome: GameDayOutcome;
  /** Why it was called off. */
  readonly because?: string;
  /** Recovered, within what was sold. */
  readonly ok: boolean;
  /** Instant of the change that cut it off; absent: nothing was changed. */
  readonly cutAt?: string;
  readonly client: ClientView;
  /** From the cut to the first good page after the last bad one. */
  readonly rtoSeconds?: number;
  /** Folder of the failover in the ledger of `owner`, and what it measured itself. */
  readonly failover?: string;
  readonly measured?: Measured;
  /** As sold; durations of the plan, divided by the pace on the local cloud. */
  readonly promised: { readonly rtoSeconds?: number; readonly rpoSeconds?: number };
  readonly pace: number;
}

export const gameDayId = (instance: string, at: string): string =>
  `gd-${instance}-${at.replaceAll(/\D/g, "")}`;
