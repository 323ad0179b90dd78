import type {
  DBInstance,
  DBInstanceMessage,
  DescribeDBInstancesMessage,
} from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { type Matchers, matching } from "./filters.ts";
import { pageOf } from "./pages.ts";
import { view } from "./view.ts";
import type { World } from "./world.ts";

const INSTANCE_FILTERS: Matchers<DBInstance> = {
  "db-instance-id": (db, value) =>
    db.DBInstanceArn === value || db.DBInstanceIdentifier === value.toLowerCase(),
  "dbi-resource-id": (db, value) => db.DbiResourceId === value,
  engine: (db, value) => db.Engine === value,
};

export async function describeInstances(
  world: World,
  input: DescribeDBInstancesMessage,
  { region }: CallContext,
): Promise<DBInstanceMessage> {
  const { inventory } = world;
  const id = input.DBInstanceIdentifier;
  const asked = id === undefined ? inventory.in(region) : [inventory.get(region, id)];
  const found = matching(
    asked.map((one) => view(world, one)),
    input.Filters,
    INSTANCE_FILTERS,
  );
  const { items, marker } = pageOf(found, (db) => db.DBInstanceIdentifier ?? "", input);
  return { DBInstances: [...items], ...(marker !== undefined && { Marker: marker }) };
}
