import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateDBInstanceCommand, type DBInstance, RDSClient } from "@aws-sdk/client-rds";
import { rdsRegistry } from "../../../functions/aws/rds-registry.ts";
import { tagList } from "../../../functions/aws/rds-shelf.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { rdsMadeGroups } from "../../../lib/operator/adopting/rds-made-groups.ts";
import { HERE } from "./case.ts";

const LOOK_MS = 100;
const WITHIN_SECONDS = 60;

/** Looks until it holds. @throws Error naming what was seen last, after a minute of the clock's pace */
export async function until<T>(
  clock: Clock,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
): Promise<T> {
  const end = Date.now() + clock.paced(WITHIN_SECONDS);
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(seen)}`);
    await pause(LOOK_MS);
  }
}

/** What a region has before anybody makes anything. */
export async function networkIn(region: string) {
  const client = new EC2Client({ region });
  const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({}));
  const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({}));
  const group = SecurityGroups[0]?.GroupId ?? "none";
  return { group, subnets: Subnets.slice(0, 2).map(({ SubnetId = "none" }) => SubnetId) };
}

/** Of a name, over the network of the region. */
export async function subnetGroup(clock: Clock, region: string, name: string): Promise<string> {
  const { subnets } = await networkIn(region);
  await rdsMadeGroups(clock).makeSubnets(region, { name, description: "cases" }, subnets);
  return name;
}

/** Whether `status` is what RDS says of it by now. */
export const atStatus = (clock: Clock, region: string, database: string, status = "available") =>
  until(
    clock,
    () => rdsRegistry(clock).describe({ region, database }),
    (seen) => seen?.status === status,
  );

/** A primary of PostgreSQL in the region of the cases, available. */
export async function primary(
  clock: Clock,
  database: string,
  more: Partial<CreateDBInstanceCommand["input"]> = {},
): Promise<DBInstance> {
  const command = new CreateDBInstanceCommand({
    ...{ DBInstanceIdentifier: database, Engine: "postgres", EngineVersion: "15" },
    ...{ DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20, BackupRetentionPeriod: 1 },
    ...{ MasterUsername: "master", MasterUserPassword: "correct-horse" },
    ...{ Tags: tagList({ "sla:instance": database }), ...more },
  });
  const { DBInstance = {} } = await new RDSClient({ region: HERE }).send(command);
  await atStatus(clock, HERE, database);
  return DBInstance;
}
