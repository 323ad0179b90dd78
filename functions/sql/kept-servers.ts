import type { SqlTarget } from "./contract.ts";
import { isBadLogin, isDeadSession } from "./failure.ts";
import type { Logins } from "./logins.ts";
import type { Login, Servers, Session } from "./server.ts";

/** How one kind of server is spoken to. */
export interface Driver<Client> {
  open(target: SqlTarget, login: Login): Promise<Client>;
  session(client: Client): Session;
  /** Calls once when the session ends by itself. */
  whenEnded(client: Client, ended: () => void): void;
  /** At once: a goodbye to a stopped server would wait for ever. */
  close(client: Client): void;
}

/**
 * Real servers. One session per database is kept between invocations: a TLS handshake and the proof of a password
 * a beat would cost the customer's server more than the beat.
 */
export function keptServers<Client>(driver: Driver<Client>, logins: Logins): Servers {
  const kept = new Map<string, Client>();
  const keyOf = ({ host, port, database, secret, username }: SqlTarget) =>
    [host, port, database, secret, username].join(" ");

  const keep = (key: string, client: Client) => {
    if (kept.has(key)) return driver.close(client);
    kept.set(key, client);
  };

  const open = async (target: SqlTarget, key: string) => {
    const client = await opened(driver, target, logins);
    // Once: a session that serves for days is kept anew after every beat.
    driver.whenEnded(client, () => kept.get(key) === client && kept.delete(key));
    return client;
  };

  const working = async <T>(
    client: Client,
    key: string,
    work: (session: Session) => Promise<T>,
  ): Promise<T> => {
    try {
      const result = await work(driver.session(client));
      keep(key, client);
      return result;
    } catch (cause) {
      driver.close(client);
      throw cause;
    }
  };

  return {
    async use(target, work) {
      const key = keyOf(target);
      const known = kept.get(key);
      kept.delete(key);
      if (known) {
        try {
          return await working(known, key, work);
        } catch (cause) {
          if (!isDeadSession(cause)) throw cause;
        }
      }
      return working(await open(target, key), key, work);
    },
  };
}

/** A password may have been rotated since it was read: one more try with the secret as it is now. */
async function opened<Client>(
  driver: Driver<Client>,
  target: SqlTarget,
  logins: Logins,
): Promise<Client> {
  try {
    return await driver.open(target, await logins.of(target.secret));
  } catch (cause) {
    if (!isBadLogin(cause)) throw cause;
    logins.forget(target.secret);
    return driver.open(target, await logins.of(target.secret));
  }
}
