import type { SqlTarget } from "./contract.ts";

/** An open session of ours on one server. Rejections carry a SQLSTATE or errno in `code`. */
export interface Session {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Database servers as reached from this site. engines.ts has the real ones, test/fakes/servers.ts the twin. */
export interface Servers {
  /**
   * Gives `work` a session and takes it back. `work` runs a second time if a kept session turns out to
   * be dead: it must be repeatable.
   */
  use<T>(target: SqlTarget, work: (session: Session) => Promise<T>): Promise<T>;
}

/** Opens a server: `{"username", "password"}` in the secret. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The secrets of this site. aws/secrets.ts is the real one. */
export interface Secrets {
  read(name: string): Promise<string>;
}

/** The server did not answer on an open connection in time. */
export class AnswerTimedOut extends Error {
  readonly code = "AnswerTimedOut";
}

/** Nobody took the connection in time. */
export class ConnectTimedOut extends Error {
  readonly code = "ConnectTimedOut";
}

/** The server lets our login in and hides from it what was asked. */
export class NotGranted extends Error {
  readonly code = "NotGranted";
}

/** Nobody has taught us to ask this of such a server. */
export class NotBuilt extends Error {
  readonly code = "NotBuilt";
}
