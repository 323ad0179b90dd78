import { linkId } from "../../functions/download/contract.ts";
import { idIn, type LinkView, linksOf as linksIn } from "../../functions/download/link-views.ts";
import { revokeLink as revokeIn } from "../../functions/download/links.ts";
import { prefixes } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { frozenOf } from "./download.ts";

/** All links of an instance, the newest last. */
export async function linksOf(access: Access, { id }: Instance): Promise<readonly LinkView[]> {
  return linksIn(access.ledgers(frozenOf(access).region), access.clock.now(), id);
}

/** Ends a link, named by itself or by its id. Throws UserError where the instance has none such. */
export async function revokeLink(access: Access, { id }: Instance, given: string): Promise<string> {
  const { clock, ledgers, caller } = access;
  const link = idOf(given);
  const ledger = ledgers(frozenOf(access).region);
  const at = clock.now().toISOString();
  if (await revokeIn(ledger, id, link, { at, by: caller })) return link;
  const known = (await ledger.list(prefixes.links(id))).map(({ key }) => idIn(key)).join(", ");
  throw new UserError(`--revoke: ${id} has no link '${link}'; it has ${known || "none"}`);
}

/** Of an id, a link, or what stands behind the /d/ of one. Throws UserError. */
function idOf(given: string): string {
  if (/^[0-9a-f]{16}$/.test(given)) return given;
  const [, token] = /(?:^|\/d\/)([a-z][a-z0-9-]*\.[\w-]{43})(?:\/|$)/.exec(given) ?? [];
  if (token !== undefined) return linkId(token);
  throw new UserError(
    "--revoke: expected a link as it was printed, or its id (sla download ID --list shows them)",
  );
}
