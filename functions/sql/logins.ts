import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Login, Secrets } from "./server.ts";

const FRESH_SECONDS = 300;

/** The logins of databases, each read again after five minutes or when a server turned it down. */
export class Logins {
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly login: Promise<Login>; readonly until: number }>();

  constructor(secrets: Secrets, clock: Clock) {
    this.#secrets = secrets;
    this.#clock = clock;
  }

  of(secret: string): Promise<Login> {
    const now = this.#clock.now().getTime();
    const known = this.#known.get(secret);
    if (known && now < known.until) return known.login;
    const login = this.#secrets.read(secret).then((text) => loginIn(text, secret));
    this.#known.set(secret, { login, until: now + this.#clock.paced(FRESH_SECONDS) });
    login.catch(() => this.forget(secret));
    return login;
  }

  forget(secret: string): void {
    this.#known.delete(secret);
  }
}

function loginIn(text: string, secret: string): Login {
  try {
    const { username, password } = JSON.parse(text) as Partial<Login>;
    if (typeof username === "string" && typeof password === "string") return { username, password };
  } catch {
    // Told below; the text itself must not reach a log.
  }
  throw new SlaError(
    "BadSecret",
    "operator",
    `secret ${secret}: expected {"username": "…", "password": "…"}`,
  );
}
