import { byAuthority, type Roles } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import { rolesReader } from "../ledger/fleet.ts";
import type { Ledgers } from "../ledger/ledger.ts";

/**
 * Roles by the highest epoch that any ledger holds. Unlike whoever has to act, a look rejects while one is silent: that one may know of
 * newer roles, by which nothing would be wrong.
 */
export async function everyonesRoles(
  ledgers: Ledgers,
  sites: readonly string[],
): Promise<ReadonlyMap<string, Roles>> {
  const asked = sites.map((site) =>
    rolesReader(ledgers(site))
      .all()
      .catch((cause: unknown) => {
        // Before the first deployment there is no ledger.
        if (cause instanceof SlaError && cause.code === "LedgerMissing") return new Map();
        throw cause;
      }),
  );
  const all = (await Promise.all(asked)).flatMap((each) => [...each.values()]);
  const byInstance = Map.groupBy(all, ({ instance }) => instance);
  return new Map(
    [...byInstance].flatMap(([instance, those]) => {
      const [newest] = those.toSorted(byAuthority);
      return newest ? [[instance, newest] as const] : [];
    }),
  );
}
