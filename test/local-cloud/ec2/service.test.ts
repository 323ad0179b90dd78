import {
  AuthorizeSecurityGroupIngressCommand,
  CopyImageCommand,
  CreateImageCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, describe, expect, it, vi } from "vitest";
import { ImageBook } from "../../../lib/local-cloud/ec2/image-book.ts";
import { Machines } from "../../../lib/local-cloud/ec2/machines.ts";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { ec2Service } from "../../../lib/local-cloud/ec2/service.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Keys } from "../../../lib/local-cloud/rds/keys.ts";
import { running } from "../wire/running.ts";

const REGION = "eu-central-1";
const groups = new SecurityGroups();
const subnets = new Subnets();
const machines = new Machines();
const images = new ImageBook({
  ...{ machines, log: new EventLog(), keys: new Keys(), isCutOff: () => false },
});
const account = "111111111111";
const { definition } = ec2Service({ account, groups, subnets, machines, images });
const cloud = await running([definition]);
const client = new EC2Client(cloud.client(REGION));
afterAll(() => cloud.server.close());

const rule = (CidrIp: string) => ({
  GroupId: "sg-q",
  IpPermissions: [
    { ...{ IpProtocol: "tcp", FromPort: 5432, ToPort: 5432 }, IpRanges: [{ CidrIp }] },
  ],
});
const byId = (...Values: string[]) => ({ Filters: [{ Name: "group-id", Values }] });

it("regions say whether somebody had to switch them on", async () => {
  subnets.describe("eu-central-2", "vpc-2", ["subnet-2a"]);
  const { Regions = [] } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
  const statusOf = (region: string) =>
    Regions.find(({ RegionName }) => RegionName === region)?.OptInStatus;
  expect(statusOf("eu-west-1")).toBe("opt-in-not-required");
  expect(statusOf("eu-central-2")).toBe("opted-in");
});

describe("groups by EC2's own words", () => {
  it("say whom they let in, and let in whom they are told to", async () => {
    groups.create(REGION, "sg-q", { description: "fenced", vpc: "vpc-1" });
    groups.allow(REGION, "sg-q", { group: "sg-sql" }, { protocol: "tcp", from: 5432, to: 5432 });
    await client.send(new AuthorizeSecurityGroupIngressCommand(rule("127.0.0.0/8")));
    expect(groups.admits(REGION, ["sg-q"], "127.1.2.3")).toBe(true);
    const { SecurityGroups: [found] = [] } = await client.send(
      new DescribeSecurityGroupsCommand(byId("sg-q", "sg-none")),
    );
    expect(found).toMatchObject({
      ...{ GroupId: "sg-q", VpcId: "vpc-1", Description: "fenced" },
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 5432, UserIdGroupPairs: [{ GroupId: "sg-sql" }] },
        { IpProtocol: "tcp", FromPort: 5432, IpRanges: [{ CidrIp: "127.0.0.0/8" }] },
      ],
    });
    await client.send(new RevokeSecurityGroupIngressCommand(rule("127.0.0.0/8")));
    expect(groups.admits(REGION, ["sg-q"], "127.1.2.3")).toBe(false);
    await expect(
      client.send(new RevokeSecurityGroupIngressCommand(rule("127.0.0.0/8"))),
    ).rejects.toMatchObject({ name: "InvalidPermission.NotFound" });
  });

  it("that are not there are left out by a filter, and refused by id", async () => {
    const { SecurityGroups: found } = await client.send(
      new DescribeSecurityGroupsCommand(byId("sg-none")),
    );
    expect(found ?? []).toEqual([]);
    for (const command of [
      new DescribeSecurityGroupsCommand({ GroupIds: ["sg-none"] }),
      new DeleteSecurityGroupCommand({ GroupId: "sg-none" }),
    ]) {
      await expect(client.send(command as never)).rejects.toMatchObject({
        name: "InvalidGroup.NotFound",
      });
    }
  });

  it("are made with a name of their own, which their network has once", async () => {
    const about = { GroupName: "app", Description: "made here", VpcId: "vpc-1" };
    const made = await client.send(new CreateSecurityGroupCommand(about));
    const [one] = groups.list(REGION).filter(({ name }) => name === "app");
    expect(one).toMatchObject({ id: made.GroupId, vpc: "vpc-1", description: "made here" });
    const Filters = [{ Name: "group-name", Values: ["app"] }];
    const found = await client.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(found.SecurityGroups?.map(({ GroupName }) => GroupName)).toEqual(["app"]);
    await expect(client.send(new CreateSecurityGroupCommand(about))).rejects.toMatchObject({
      name: "InvalidGroup.Duplicate",
    });
    await client.send(new CreateSecurityGroupCommand({ ...about, VpcId: "vpc-2" }));
  });

  it("take a rule once", async () => {
    const allow = new AuthorizeSecurityGroupIngressCommand(rule("10.0.0.0/8"));
    await client.send(allow);
    await expect(client.send(allow)).rejects.toMatchObject({ name: "InvalidPermission.Duplicate" });
  });

  it("are deleted in their own region only", async () => {
    groups.create(REGION, "sg-a");
    groups.create("eu-west-1", "sg-a");
    await client.send(new DeleteSecurityGroupCommand({ GroupId: "sg-a" }));
    expect([REGION, "eu-west-1"].map((region) => groups.has(region, "sg-a"))).toEqual([
      false,
      true,
    ]);
  });
});

describe("subnets", () => {
  it("say their network and zone; one that is not there is left out", async () => {
    subnets.describe(REGION, "vpc-1", ["subnet-a", "subnet-b"]);
    const Filters = [{ Name: "subnet-id", Values: ["subnet-b", "subnet-none"] }];
    const { Subnets: found } = await client.send(new DescribeSubnetsCommand({ Filters }));
    expect(found).toEqual([
      {
        ...{ SubnetId: "subnet-b", VpcId: "vpc-1", AvailabilityZone: "eu-central-1b" },
        State: "available",
        ...{ MapPublicIpOnLaunch: false, AssignIpv6AddressOnCreation: false },
      },
    ]);
  });

  it("are not found by a filter that nobody has thought of", async () => {
    const Filters = [{ Name: "tag:Name", Values: ["x"] }];
    await expect(client.send(new DescribeSubnetsCommand({ Filters }))).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });
});

describe("images of machines", () => {
  const named = (name: string) =>
    client.send(
      new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] }),
    );
  const InstanceId = machines.add(REGION, { disks: 2, tags: { Name: "web" } });

  it("are pending before they are available, and consist of a snapshot for each disk", async () => {
    const machine = machines.find(REGION, InstanceId);
    if (!machine) throw new Error("it is there");
    const made = images.create(machine, "web-1", { image: { a: "1" }, snapshot: { a: "2" } });
    expect(made.state).toBe("pending");
    await vi.waitFor(() => expect(made.state).toBe("available"));
    const { Images: [shown] = [] } = await named("web-*");
    expect(shown).toMatchObject({
      ...{ Name: "web-1", State: "available", SourceInstanceId: InstanceId },
      ...{ SourceImageId: machine.launchedFrom, Tags: [{ Key: "a", Value: "1" }] },
    });
    expect(shown?.BlockDeviceMappings).toHaveLength(2);
    const { Snapshots: disks = [] } = await client.send(
      new DescribeSnapshotsCommand({ Filters: [{ Name: "tag:a", Values: ["2"] }] }),
    );
    expect(disks.map(({ State }) => State)).toEqual(["completed", "completed"]);
  });

  it("are refused as EC2 refuses them", async () => {
    const refused: readonly (readonly [object, string])[] = [
      [new CreateImageCommand({ InstanceId, Name: "web-1" }), "InvalidAMIName.Duplicate"],
      [new CreateImageCommand({ InstanceId, Name: "a" }), "InvalidAMIName.Malformed"],
      [new CreateImageCommand({ InstanceId: "i-0", Name: "web-2" }), "InvalidInstanceID.NotFound"],
      [new DeregisterImageCommand({ ImageId: "ami-0" }), "InvalidAMIID.NotFound"],
      [new DeleteSnapshotCommand({ SnapshotId: "snap-0" }), "InvalidSnapshot.NotFound"],
      [new CreateTagsCommand({ Resources: ["ami-0"], Tags: [] }), "InvalidID"],
      [new DescribeInstancesCommand({ InstanceIds: ["i-0"] }), "InvalidInstanceID.NotFound"],
      [
        new CopyImageCommand({ SourceImageId: "ami-0", SourceRegion: "eu-west-1", Name: "web-3" }),
        "InvalidAMIID.NotFound",
      ],
    ];
    for (const [command, name] of refused) {
      await expect(client.send(command as never)).rejects.toMatchObject({ name });
    }
  });

  it("are used by nobody before their snapshots can be deleted", async () => {
    const { Images: [shown] = [] } = await named("web-1");
    const SnapshotId = shown?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? "";
    await expect(client.send(new DeleteSnapshotCommand({ SnapshotId }))).rejects.toMatchObject({
      name: "InvalidSnapshot.InUse",
    });
    await client.send(new DeregisterImageCommand({ ImageId: shown?.ImageId ?? "" }));
    await client.send(new DeleteSnapshotCommand({ SnapshotId }));
    expect((await named("web-1")).Images ?? []).toEqual([]);
    expect(images.snapshots(REGION)).toHaveLength(1);
  });
});
