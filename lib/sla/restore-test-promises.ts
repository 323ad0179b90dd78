import { testPeriodOf } from "./backups/restore-tests.ts";
import type { Finding, Sold } from "./check.ts";

/** Every backed-up instance is tested; a line where that is sold. */
export function restoreTestPromises({ plan }: Sold): readonly Finding[] {
  const { restoreTests, backups } = plan;
  if (!restoreTests) return [];
  const every = testPeriodOf(restoreTests);
  const promised = restoreTests.every === "unstated" ? "unstated" : `every ${restoreTests.every}`;
  const common = { promise: "restore tests", promised, covers: "database" } as const;
  if (backups) return [{ ...common, status: "kept", achievable: `every ${every}` }];
  const change = "sell backups as well: there is nothing to restore";
  return [{ ...common, status: "broken", change, where: { of: "plan", path: ["backups"] } }];
}
