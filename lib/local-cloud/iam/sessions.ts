import { randomBytes } from "node:crypto";
import { type Caller, holderOf } from "./principals.ts";

/** What somebody signs with who has taken a role on. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly sessionToken: string;
}

export interface Session extends SessionKeys {
  readonly caller: Caller;
  /** Of a role that some administrator has taken on: it may everything. */
  readonly isAdministrator: boolean;
  readonly userId: string;
  /** Twelve digits. */
  readonly account: string;
}

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/;

/** Roles that have been taken on, by the access key that was given for it. */
export class Sessions {
  readonly #byKey = new Map<string, Session>();

  /** Undefined: not a role's ARN. */
  open(role: string, name: string, isAdministrator = false): Session | undefined {
    const [, account, short] = ROLE_ARN.exec(role) ?? [];
    if (account === undefined || short === undefined) return undefined;
    const session: Session = {
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      sessionToken: randomBytes(24).toString("base64"),
      caller: holderOf(role, name),
      account,
      isAdministrator,
      userId: `AROA${short.toUpperCase()}:${name}`,
    };
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  of(accessKey: string | undefined): Session | undefined {
    return accessKey === undefined ? undefined : this.#byKey.get(accessKey);
  }
}
