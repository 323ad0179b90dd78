import { isDeepStrictEqual } from "node:util";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";

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
  const written = await Promise.allSettled(
    sites.map((site) => writeOnce(ledgers(site), key, record)),
  );
  const taken = sites.find((_, index) => isConflict(written[index]));
  if (taken !== undefined) {
    throw new UserError(`${key}: somebody else wrote it into ${taken} meanwhile; say it again`, 1);
  }
  const untold = sites.filter((_, index) => written[index]?.status === "rejected");
  if (untold.length < sites.length) return untold;
  throw noLedger(sites, { why: reasonIn(written), so: "nothing is recorded" });
}

/** False: another record lies there. */
async function writeOnce(ledger: Ledger, key: string, record: unknown): Promise<boolean> {
  if (await ledger.create(key, record)) return true;
  return isDeepStrictEqual((await ledger.read(key))?.value, record);
}

const isConflict = (written: PromiseSettledResult<boolean> | undefined) =>
  written?.status === "fulfilled" && !written.value;
