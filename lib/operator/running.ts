import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import { runningFailover, runningRecovery } from "./at-work.ts";
import { folderOf } from "./halt-lines.ts";
import { readInstanceBooks } from "./site-books.ts";

/** A failover or recovery under way, and what the ledger of its site says of its promotion. */
export interface Running {
  readonly execution: string;
  readonly region: string;
  /** In the ledger: `failovers/<instance>/<folder>/`. */
  readonly folder: string;
  /** ISO 8601: RDS has been asked to promote; from then on it only goes forward. */
  readonly promotedAt?: string;
}

interface PromoteNote {
  readonly state: string;
  readonly at: string;
}

/** The failover or recovery that holds the instance's lock. Throws UserError (exit 1) if none runs. */
export async function runningIn(access: Access, { id }: Instance): Promise<Running> {
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, id));
  const found = runningFailover(id, asked) ?? runningRecovery(id, asked);
  if (!found) {
    throw new UserError(
      `${id}: no failover has the lock, and no recovery: none is running; see sla status`,
      1,
    );
  }
  const { execution, region } = found;
  const { request } = await access.machines.describe(execution);
  const folder = folderOf(execution, request.continues);
  const key = keys.failover(id, folder, "promote");
  const note = (await access.ledgers(region).read<PromoteNote>(key))?.value;
  return {
    ...{ execution, region, folder },
    ...(note?.state === "asked" && { promotedAt: note.at }),
  };
}
