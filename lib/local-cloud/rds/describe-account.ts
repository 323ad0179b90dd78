import type { AccountAttributesMessage } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import type { World } from "./world.ts";

/** Of one account in one region: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
const GRANTED = { DBInstances: 40, ManualSnapshots: 100, ReadReplicasPerMaster: 15 } as const;

/** DescribeAccountAttributes: what is counted here, beside what AWS grants. Nothing is refused by it. */
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
