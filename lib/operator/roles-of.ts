import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import { byAuthority, type Roles } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";

/** The newest roles of an instance that any site knows which answers. Throws UserError where none answers, or knows it. */
export async function rolesOf(
  { ledgers, fleet }: Pick<Access, "ledgers" | "fleet">,
  id: string,
): Promise<Roles> {
  const sites = Object.keys(fleet.sites);
  const asked = await Promise.allSettled(
    sites.map((site) => ledgers(site).read<Roles>(keys.roles(id))),
  );
  const found = asked.flatMap((each) =>
    each.status === "fulfilled" && each.value ? [each.value.value] : [],
  );
  const [newest] = found.toSorted(byAuthority);
  if (newest) return newest;
  if (asked.every(({ status }) => status === "rejected")) {
    throw noLedger(sites, { why: reasonIn(asked) });
  }
  throw new UserError(`${id}: no site's ledger knows its roles: is it deployed?`, 1);
}
