import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** No token may be both a customer's and the helpdesk's: from one issuer they are for different audiences. */
export function helpdeskApart({ provider, customers }: Draft): readonly Mistake[] {
  const helpdesk = provider?.helpdesk;
  if (!helpdesk || !customers || plain(helpdesk.issuer) !== plain(customers.issuer)) return [];
  const shared = helpdesk.audience.find((each) => customers.audience.includes(each));
  if (shared === undefined) return [];
  const message = `'${shared}' is an audience of customers: too, whose tokens would be let in here: choose another`;
  return [{ path: ["provider", "helpdesk", "audience"], message }];
}

const plain = (issuer: string) => issuer.replace(/\/$/, "");
