import type { AccountAttributesMessage } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { GRANTED } from "./quota.ts";
import type { World } from "./world.ts";

/** DescribeAccountAttributes: what is counted here, beside what AWS grants. */
export async function describeAccount(
  { inventory, snapshots }: World,
  _input: unknown,
  { region }: CallContext,
): Promise<AccountAttributesMessage> {
  const here = inventory.in(region);
  const manual = snapshots.all().filter((each) => each.region === region && each.type === "manual");
  const uses = {
    DBInstances: here.length,
    ManualSnapshots: manual.length,
    ReadReplicasPerMaster: Math.max(0, ...here.map((each) => inventory.replicasOf(each).length)),
  };
  return {
    AccountQuotas: (Object.keys(GRANTED) as (keyof typeof GRANTED)[]).map((name) => ({
      ...{ AccountQuotaName: name, Used: uses[name], Max: GRANTED[name] },
    })),
  };
}
