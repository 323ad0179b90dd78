import { keys } from "../../functions/ledger/contract.ts";
import type { Lack, PreparedRecord } from "../../functions/prepared/contract.ts";
import { RESTORE_SECRET } from "../../functions/restore/contract.ts";
import type { Instance } from "../sla/fleet.ts";
import { loginsOf } from "../sla/recovery-needs.ts";
import type { Access } from "./access.ts";

/**
 * What a region lacked at its last look of what this instance would need there. Nothing is known where nobody has looked, and a
 * ledger that does not say so stands in nobody's way.
 */
export async function lacksIn(
  { ledgers }: Pick<Access, "ledgers">,
  region: string,
  instance: Instance,
): Promise<readonly Lack[]> {
  const read = ledgers(region).read<PreparedRecord>(keys.prepared(region));
  const known = await read.catch(() => undefined);
  const secrets = new Set([...loginsOf(instance), RESTORE_SECRET]);
  const isOthers = ({ kind, about }: Lack) => kind.startsWith("secret") && !secrets.has(about);
  return (known?.value.lacks ?? []).filter((lack) => !isOthers(lack));
}
