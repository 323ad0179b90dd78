import { type Clock, FLOORS } from "../kernel/clock.ts";
import type { SqlTarget } from "./contract.ts";
import { AnswerTimedOut, ConnectTimedOut } from "./server.ts";

const CONNECT_SECONDS = 3;
const ANSWER_SECONDS = 5;

/** How long one statement may take. */
export interface Patience {
  readonly answerSeconds: number;
  readonly answerFloorMs: number;
}

export const PATIENCE: Patience = {
  answerSeconds: ANSWER_SECONDS,
  answerFloorMs: FLOORS.sqlMs,
};

export const connectMs = (clock: Clock): number => clock.paced(CONNECT_SECONDS, FLOORS.sqlMs);

/** @param taken whether the connection was: a stopped server still completes TCP handshakes, which is silence, not absence */
export const connectTimedOut = (
  { host, port }: Pick<SqlTarget, "host" | "port">,
  taken: boolean,
  cause: unknown,
): AnswerTimedOut | ConnectTimedOut =>
  taken
    ? new AnswerTimedOut(`${host}:${port} takes connections and does not answer`, { cause })
    : new ConnectTimedOut(`${host}:${port} does not take connections`, { cause });
