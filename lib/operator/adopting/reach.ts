import type { Clock } from "../../../functions/kernel/clock.ts";
import { FLOORS } from "../../../functions/kernel/clock.ts";
import { failureOf } from "../../../functions/sql/failure.ts";
import type { Refused } from "./ports.ts";

/** Where the server is reached, if not by its own name: an end of a tunnel. */
export interface Through {
  readonly host: string;
  readonly port: number;
}

const CONNECT_SECONDS = 10;
const ANSWER_SECONDS = 60;

/** How long a server that is adopted may take, milliseconds. */
export const connectWithinMs = (clock: Clock): number =>
  clock.paced(CONNECT_SECONDS, FLOORS.sqlMs * 5);

/** The same of one statement. */
export const PATIENT = { answerSeconds: ANSWER_SECONDS, answerFloorMs: FLOORS.sqlMs * 10 } as const;

export function refusedOf(cause: unknown): Refused {
  const { kind, message, code } = failureOf(cause);
  const is = kind === "unreachable" || kind === "timed-out" ? "unreached" : "refused";
  return { is, why: code === undefined ? message : `${code}: ${message}` };
}
