import { CreateImageCommand, DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ec2Sealed } from "../../../functions/aws/ec2-sealed.ts";
import { ec2TestImages } from "../../../functions/aws/ec2-test-images.ts";
import { ec2TestMachines, ec2TestTerminating } from "../../../functions/aws/ec2-test-machines.ts";
import type { LaunchOrder } from "../../../functions/restore/image-ports.ts";
import { ImageBook } from "../../../lib/local-cloud/ec2/image-book.ts";
import { Machines } from "../../../lib/local-cloud/ec2/machines.ts";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { ec2Service } from "../../../lib/local-cloud/ec2/service.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Keys } from "../../../lib/local-cloud/rds/keys.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { backupId, shelved, TAGS, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import { openingName } from "../../../lib/sla/openings.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const HERE = "eu-central-2";
const here = { region: HERE };
const TICK = Date.parse("2026-11-21T03:00:00Z");
const NAME = backupId("acme", TICK);
const SEALED = "sg-0sealed";
const SUBNET = "subnet-0sealed";

const machines = new Machines();
const images = new ImageBook({
  ...{ machines, keys: new Keys(), log: new EventLog(), isCutOff: () => false },
});
const groups = new SecurityGroups();
const subnets = new Subnets();
subnets.describe(HERE, "vpc-1", [SUBNET]);
groups.create(HERE, SEALED, { vpc: "vpc-1", egress: [] });
groups.create(HERE, "sg-0open");
groups.allow(HERE, "sg-0open", { cidr: "10.0.0.0/8" });
const nowhere = { protocol: "icmp", source: { cidr: "255.255.255.255/32" } };
groups.create(HERE, "sg-0cdk", { egress: [nowhere] });
const { definition } = ec2Service({
  ...{ account: "111111111111", groups, subnets, machines, images },
});
/** What RunInstances answers instead, once. */
const refusals: AwsError[] = [];
const { RunInstances, DescribeSubnets } = definition.operations;
if (!RunInstances || !DescribeSubnets) throw new Error("the local cloud starts machines");
const asked: unknown[] = [];
/** What DescribeSubnets says of each beside the rest, once. */
const shown: object[] = [];
const cloud = await running([
  {
    ...definition,
    operations: {
      ...definition.operations,
      async RunInstances(input, context) {
        asked.push(input);
        const refused = refusals.shift();
        if (refused) throw refused;
        return RunInstances(input, context);
      },
      async DescribeSubnets(input, context) {
        const { Subnets: all } = (await DescribeSubnets(input, context)) as { Subnets: object[] };
        const more = shown.shift();
        return { Subnets: all.map((each) => ({ ...each, ...more })) };
      },
    },
  },
]);
for (const [name, value] of Object.entries({
  AWS_ENDPOINT_URL: cloud.url,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: SECRET,
})) {
  vi.stubEnv(name, value);
}
const clock = new FakeClock(Date.parse("2026-11-23T12:00:00Z"));
const shelf = ec2TestImages(clock, here);
const starting = ec2TestMachines(clock, here);
const ending = ec2TestTerminating(clock, here);
const ec2 = new EC2Client(cloud.client(HERE));

beforeAll(async () => {
  const source = machines.add(HERE, { disks: 2, tags: { Name: "acme" } });
  const tags = tagsOf({ instance: "acme", schedules: ["versions"], tickMs: TICK });
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const TagSpecifications = (["image", "snapshot"] as const).map((ResourceType) => {
    return { ResourceType, Tags };
  });
  await ec2.send(new CreateImageCommand({ InstanceId: source, Name: NAME, TagSpecifications }));
  await vi.waitFor(() => expect(images.images(HERE)[0]?.state).toBe("available"));
});
afterAll(() => {
  vi.unstubAllEnvs();
  ec2.destroy();
  return cloud.server.close();
});

const DISKS = ["/dev/sda", "/dev/sdb"].map((name) => {
  return { name, snapshot: expect.stringMatching(/^snap-/) };
});

let tests = 0;
async function order(change: Partial<LaunchOrder> = {}): Promise<LaunchOrder> {
  tests += 1;
  const found = await shelf.look(NAME);
  if (!found) throw new Error("it is there");
  const { ami, architecture, disks } = found;
  return {
    ...{ ami, architecture, disks, token: `t${tests}`, type: "t3.medium", subnet: SUBNET },
    ...{ group: SEALED, tags: { "sla:restore-test": `rt-${tests}`, "sla:until": "2026" } },
    ...change,
  };
}
async function started(change: Partial<LaunchOrder> = {}): Promise<string> {
  const answer = await starting.launch(await order(change));
  if ("machine" in answer) return answer.machine;
  throw new Error(JSON.stringify(answer));
}

describe("an image of ours", () => {
  it("is found by its name, with all that EC2 has to be told to start it", async () => {
    const found = await shelf.look(NAME);
    expect(found).toMatchObject({ architecture: "x86_64", disks: DISKS });
    expect(found?.ami).toMatch(/^ami-/);
    expect(found && shelved(found.listed)).toMatchObject({ instance: "acme", state: "available" });
    expect(await shelf.look("sla-acme-20200101t000000z")).toBeUndefined();
  });

  it("takes what was found, and one that is gone takes nothing", async () => {
    await shelf.tag(NAME, { [TAGS.tested]: "2026-11-23T12:00:00.000Z" });
    const tags = (await shelf.look(NAME))?.listed.tags;
    expect(tags).toMatchObject({ [TAGS.managed]: "true", [TAGS.tested]: expect.any(String) });
    await shelf.tag("sla-acme-20200101t000000z", { [TAGS.tested]: "2026" });
  });
});

describe("a group", () => {
  it.each([
    [SEALED, []],
    ["sg-0cdk", []],
    ["sg-0open", ["in from 10.0.0.0/8", "out to 0.0.0.0/0"]],
    ["sg-0none", undefined],
  ])("%s: %j", async (group, expected) => {
    expect(await starting.openings(group)).toEqual(expected);
  });
});

describe("a machine", () => {
  it("comes up, is seen to, is ended, and leaves no disk", async () => {
    const machine = await started();
    expect((await starting.look(machine))?.state).toMatch(/^(pending|running)$/);
    await vi.waitFor(async () => {
      expect(await starting.checks(machine)).toEqual({ system: "ok", own: "ok" });
    });
    expect(await starting.look(machine)).toMatchObject({ machine, state: "running" });
    expect((await ending.list()).map((each) => each.machine)).toContain(machine);
    await ending.terminate(machine);
    await ending.terminate(machine);
    await vi.waitFor(async () => {
      expect((await starting.look(machine))?.state).toBe("terminated");
    });
    expect(await starting.checks(machine)).toBeUndefined();
    expect(machines.leftDisks).toBe(0);
  });

  it("is asked for once, where nobody reaches it and it reaches nobody, with no role", async () => {
    const same = await order();
    const answers = [await starting.launch(same), await starting.launch(same)];
    expect(answers[0]).toEqual(answers[1]);
    const input = asked.at(-1) as Record<string, unknown>;
    expect(input).toMatchObject({
      ...{ ClientToken: same.token, MinCount: 1, MaxCount: 1, ImageId: same.ami },
      InstanceInitiatedShutdownBehavior: "terminate",
      BlockDeviceMappings: same.disks.map(({ name, snapshot }) => ({
        ...{ DeviceName: name, Ebs: { SnapshotId: snapshot, DeleteOnTermination: true } },
      })),
      CreditSpecification: { CpuCredits: "standard" },
      NetworkInterfaces: [
        {
          ...{ DeviceIndex: 0, SubnetId: SUBNET, Groups: [SEALED] },
          AssociatePublicIpAddress: false,
        },
      ],
    });
    for (const key of ["IamInstanceProfile", "UserData", "KeyName", "SecurityGroupIds"]) {
      expect(input).not.toHaveProperty(key);
    }
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const all = Reservations.flatMap(({ Instances = [] }) => Instances);
    const tagged = all.filter(({ Tags }) => Tags?.some(({ Value }) => Value === `rt-${tests}`));
    expect(tagged).toHaveLength(1);
  });

  it("whose image does not boot is impaired", async () => {
    const machine = await started();
    machines.spoil((await shelf.look(NAME))?.ami ?? "");
    await vi.waitFor(async () => {
      expect(await starting.checks(machine)).toEqual({ system: "ok", own: "impaired" });
    });
  });

  it("that nobody knows is none", async () => {
    expect(await starting.look("i-0none")).toBeUndefined();
    expect(await starting.checks("i-0none")).toBeUndefined();
    await expect(ending.terminate("i-0none")).resolves.toBeUndefined();
  });

  it("without our tag is not among those that are ended", async () => {
    const other = machines.add(HERE, { tags: { Name: "shop" } });
    expect((await ending.list()).map(({ machine }) => machine)).not.toContain(other);
  });
});

describe("EC2 that starts none", () => {
  it.each<[string, AwsError, object]>([
    [
      "has no room, which it says as if it were lost",
      new AwsError("InsufficientInstanceCapacity", "no room", 500),
      { later: "InsufficientInstanceCapacity: no room" },
    ],
    [
      "has reached a quota",
      new AwsError("VcpuLimitExceeded", "32", 400),
      { later: "VcpuLimitExceeded: 32" },
    ],
    [
      "does not want to",
      new AwsError("InvalidParameterCombination", "needs ENA", 400),
      { refused: "InvalidParameterCombination: needs ENA" },
    ],
    [
      "may not",
      new AwsError("UnauthorizedOperation", "not authorized", 403),
      { refused: expect.stringContaining("UnauthorizedOperation: not authorized") },
    ],
  ])("because it %s", async (_what, error, expected) => {
    refusals.push(...Array.from({ length: 9 }, () => error));
    expect(await starting.launch(await order())).toEqual(expected);
    refusals.length = 0;
  });

  it("does not answer: then it is asked again", async () => {
    refusals.push(...Array.from({ length: 9 }, () => new AwsError("Unavailable", "down", 503)));
    await expect(starting.launch(await order())).rejects.toMatchObject({
      code: "CloudUnreachable",
    });
    refusals.length = 0;
  });

  it("says what is not there", async () => {
    expect(await starting.launch(await order({ subnet: "subnet-0none" }))).toEqual({
      refused: expect.stringContaining("InvalidSubnetID.NotFound"),
    });
    expect(await starting.launch(await order({ group: "sg-0none" }))).toEqual({
      refused: expect.stringContaining("InvalidGroup.NotFound"),
    });
    expect(await starting.launch(await order({ ami: "ami-0none" }))).toEqual({
      refused: expect.stringContaining("InvalidAMIID.NotFound"),
    });
  });

  it("takes a token only with all else the same", async () => {
    const first = await order();
    await starting.launch(first);
    expect(await starting.launch({ ...first, type: "t4g.medium" })).toEqual({
      refused: expect.stringContaining("IdempotentParameterMismatch"),
    });
  });
});

describe("the network of tests, as it is looked at every day", () => {
  const sealed = ec2Sealed(clock);
  const look = (securityGroup: string, subnet = SUBNET) =>
    sealed.look(HERE, { subnet, securityGroup });

  it("is there, lets nobody in or out, and gives no public addresses", async () => {
    expect(await look(SEALED)).toEqual({
      subnet: { vpc: "vpc-1", givesPublic: false, givesIpv6: false },
      group: { vpc: "vpc-1", openings: [] },
    });
  });

  it("shows each rule that it should not have", async () => {
    const { group } = await look("sg-0open");
    expect(group?.openings.map(openingName)).toEqual(["in from 10.0.0.0/8", "out to 0.0.0.0/0"]);
    expect((await look("sg-0cdk")).group?.openings).toEqual([]);
  });

  it("gives the addresses that EC2 says it gives", async () => {
    shown.push({ MapPublicIpOnLaunch: true, AssignIpv6AddressOnCreation: true });
    expect((await look(SEALED)).subnet).toMatchObject({ givesPublic: true, givesIpv6: true });
  });

  it("is not there", async () => {
    expect(await look("sg-0none", "subnet-0none")).toEqual({});
  });
});
