import type { Principals } from "./policy.ts";

/** Who asks: a role that somebody has taken on, a service of AWS by itself, or anybody, who has signed nothing. */
export type Caller =
  | {
      readonly kind: "role";
      /** `arn:aws:iam::111111111111:role/sla-watch` */
      readonly role: string;
      /** `arn:aws:sts::111111111111:assumed-role/sla-watch/sla-watch` */
      readonly session: string;
      readonly account: string;
    }
  | {
      readonly kind: "service";
      /** `scheduler.amazonaws.com` */
      readonly service: string;
    }
  | { readonly kind: "anybody" };

/**
 * How a statement reaches a caller: by its role or everybody (*direct*), by its account, which leaves the rest to the
 * account's own policies (*account*), or not at all.
 */
export type Reach = "direct" | "account" | "none";

export function reachOf(principals: Principals | undefined, caller: Caller): Reach {
  if (!principals) return "direct";
  const { AWS: accounts = [], Service: services = [] } = principals;
  if (caller.kind === "anybody") return accounts.includes("*") ? "direct" : "none";
  if (caller.kind === "service") return services.includes(caller.service) ? "direct" : "none";
  const { role, session, account } = caller;
  if (accounts.some((one) => one === "*" || one === role || one === session)) return "direct";
  const isAccount = accounts.some((one) => one === account || one === rootOf(account));
  return isAccount ? "account" : "none";
}

export const rootOf = (account: string) => `arn:aws:iam::${account}:root`;

/** As AWS names a caller to itself. */
export function nameOf(caller: Caller): string {
  if (caller.kind === "role") return caller.session;
  return caller.kind === "service" ? caller.service : "anonymous";
}

/** A role that a part of this cloud has taken on, by its ARN. */
export const holderOf = (role: string, name: string): Caller => {
  const [, , , , account = "", path = ""] = role.split(":");
  const session = `arn:aws:sts::${account}:assumed-role/${path.split("/").at(-1)}/${name}`;
  return { kind: "role", role, session, account };
};
