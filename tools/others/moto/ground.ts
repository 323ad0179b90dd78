import { setTimeout as pause } from "node:timers/promises";
import {
  CreateImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
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
  const { GroupId: group = "none", VpcId: vpc = "none" } = SecurityGroups[0] ?? {};
  return { group, vpc, subnets: Subnets.slice(0, 2).map(({ SubnetId = "none" }) => SubnetId) };
}

/** Of a machine with Linux. Where there is none before anybody makes one, of the one machine that is there. */
async function anImage(client: EC2Client): Promise<string> {
  const look = async () => {
    const { Images = [] } = await client.send(new DescribeImagesCommand({}));
    const fits = ({ Platform, Architecture, State }: (typeof Images)[number]) =>
      Platform === undefined && Architecture === "x86_64" && State === "available";
    return Images.find(fits)?.ImageId;
  };
  const there = await look();
  if (there !== undefined) return there;
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
  const InstanceId = Reservations[0]?.Instances?.[0]?.InstanceId;
  await client.send(new CreateImageCommand({ InstanceId, Name: "the-first" }));
  for (;;) {
    const made = await look();
    if (made !== undefined) return made;
    await pause(LOOK_MS);
  }
}

/** Starts a machine with these tags, and answers its id once it runs. */
export async function aMachine(
  clock: Clock,
  region: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const client = new EC2Client({ region });
  const ImageId = await anImage(client);
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { subnets } = await networkIn(region);
  const command = new RunInstancesCommand({
    ...{ ImageId, InstanceType: "t3.medium", MinCount: 1, MaxCount: 1 },
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnets[0] }],
    TagSpecifications: [{ ResourceType: "instance", Tags }],
  });
  const { Instances: [started] = [] } = await client.send(command);
  const InstanceIds = [started?.InstanceId ?? "none"];
  await until(
    clock,
    () => client.send(new DescribeInstancesCommand({ InstanceIds })),
    ({ Reservations = [] }) => Reservations[0]?.Instances?.[0]?.State?.Name === "running",
  );
  return started?.InstanceId ?? "none";
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
