import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";

/**
 * Writes a record that never changes into the ledgers of all sites; one that has it keeps it. Resolves to the sites that do not
 * answer. Throws UserError if none does.
 */
export async function writeEverywhere(
  { fleet, ledgers }: Pick<Access, "fleet" | "ledgers">,
  key: string,
  record: unknown,
): Promise<readonly string[]> {
  const sites = Object.keys(fleet.sites);
  const written = await Promise.allSettled(sites.map((site) => ledgers(site).create(key, record)));
  const untold = sites.filter((_, index) => written[index]?.status === "rejected");
  if (untold.length < sites.length) return untold;
  const [first] = written;
  const why = first?.status === "rejected" ? `: ${(first.reason as Error).message}` : "";
  throw new UserError(`no ledger answers, nothing is recorded${why}`, 1);
}
