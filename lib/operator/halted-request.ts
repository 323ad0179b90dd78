import type { FailoverRequest } from "../../functions/failover/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";

interface Halted {
  /** Of the site in which it ran. */
  readonly region: string;
  readonly request: FailoverRequest;
}

/** What has halted under this name, looked for in every site. Throws UserError if nothing has. */
export async function haltedRequest(
  { fleet, ledgers }: Pick<Access, "fleet" | "ledgers">,
  instance: string,
  { id, what }: { readonly id: string; readonly what: "failover" | "recovery" },
): Promise<Halted> {
  const sites = Object.keys(fleet.sites);
  const key = keys.failover(instance, id, "halted");
  const found = await Promise.all(
    sites.map(async (region) => {
      const read = await ledgers(region)
        .read<{ readonly request: FailoverRequest }>(key)
        .catch(() => undefined);
      return read ? [{ region, request: read.value.request }] : [];
    }),
  );
  const [first] = found.flat();
  if (!first) {
    throw new UserError(
      `--continue: no ${what} '${id}' of ${instance} has halted in ${sites.join(", ")}; the mail of the halt names it`,
    );
  }
  const was = first.request.recovery ? "recovery" : "failover";
  if (was === what) return first;
  const command = was === "recovery" ? "recover" : "failover";
  throw new UserError(
    `--continue: ${id} is a ${was}: npx sla ${command} ${instance} --continue ${id} --reason '…'`,
  );
}
