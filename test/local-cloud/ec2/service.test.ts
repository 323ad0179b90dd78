import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteSecurityGroupCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, describe, expect, it } from "vitest";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { ec2Service } from "../../../lib/local-cloud/ec2/service.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { running } from "../wire/running.ts";

const REGION = "eu-central-1";
const groups = new SecurityGroups();
const subnets = new Subnets();
const { definition } = ec2Service({ account: "111111111111", groups, subnets });
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
