import { customerIn } from "../customers.ts";
import type { Fleet } from "../fleet.ts";

type Known = Pick<Fleet, "provider" | "customers" | "instances">;

/**
 * How the ledger names the helpdesk that a verified token is of, `helpdesk NAME`; undefined if it is of none. A customer is none, whatever scope an
 * issuer hands out.
 */
export function helpdeskIn(
  claims: Readonly<Record<string, string>>,
  { provider: { helpdesk }, customers, instances }: Known,
): string | undefined {
  if (!helpdesk || own(claims, "iss") !== helpdesk.issuer) return undefined;
  if (!scopesOf(claims).includes(helpdesk.scope)) return undefined;
  const customer = customers?.issuer === helpdesk.issuer && customerIn(claims, { customers });
  if (customer && instances.some((each) => each.customers?.includes(customer))) return undefined;
  const name = ["client_id", "azp", "sub"].flatMap((claim) => own(claims, claim) ?? [])[0];
  return name !== undefined && PLAIN.test(name) ? `helpdesk ${name}` : "helpdesk";
}

const PLAIN = /^[\x21-\x7E]{1,128}$/;

const own = (claims: Readonly<Record<string, string>>, claim: string): string | undefined =>
  Object.hasOwn(claims, claim) ? claims[claim] : undefined;

/** One text, or a list as API Gateway writes it: `[a b]`. */
const scopesOf = (claims: Readonly<Record<string, string>>): readonly string[] =>
  (own(claims, "scope") ?? own(claims, "scp") ?? "").replaceAll(/^\[|\]$/g, "").split(" ");
