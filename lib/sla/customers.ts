import type { Fleet } from "./fleet.ts";

/**
 * Who a token's claims say that a customer is, by the claim that the fleet names; undefined if nobody. Whoever has a list there is nobody:
 * as text it could be another's name.
 */
export function customerIn(
  claims: Readonly<Record<string, string>>,
  { customers }: Pick<Fleet, "customers">,
): string | undefined {
  if (!customers) return undefined;
  const value = Object.hasOwn(claims, customers.claim) ? claims[customers.claim] : undefined;
  return typeof value === "string" && value !== "" && !value.startsWith("[") ? value : undefined;
}
