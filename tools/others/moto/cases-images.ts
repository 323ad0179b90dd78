import { randomBytes } from "node:crypto";
import { CreateImageCommand, CreateSecurityGroupCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ec2ImageTaking } from "../../../functions/aws/ec2-image-shelf.ts";
import { ec2Images } from "../../../functions/aws/ec2-images.ts";
import { ec2Sealed } from "../../../functions/aws/ec2-sealed.ts";
import { ec2TestImages } from "../../../functions/aws/ec2-test-images.ts";
import { ec2TestMachines, ec2TestTerminating } from "../../../functions/aws/ec2-test-machines.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import type { LaunchOrder } from "../../../functions/restore/image-ports.ts";
import { openingName } from "../../../lib/sla/openings.ts";
import { ACCOUNT, type Case, HERE } from "./case.ts";
import { aMachine, networkIn, until } from "./ground.ts";

const here = { account: ACCOUNT, region: HERE };
const NONE = { machine: "i-00000000000000000", image: "ami-00000000000000000" };

/** An image of a machine that is there for it alone, as soon as it can be started. By EC2's own words: moto takes none as we do. */
async function imaged(clock: Clock, id: string) {
  const InstanceId = await aMachine(clock, HERE, { Name: id });
  const Tags = [{ Key: "sla:managed", Value: "true" }];
  const TagSpecifications = [{ ResourceType: "image" as const, Tags }];
  const command = new CreateImageCommand({ InstanceId, Name: id, TagSpecifications });
  await new EC2Client({ region: HERE }).send(command);
  const found = await until(
    clock,
    () => ec2TestImages(clock, here).look(id),
    (each) => each?.listed.status === "available",
  );
  if (!found) throw new Error(`${id} is not there`);
  return found;
}

/** What starts it, by a token of its own. */
async function orderOf(clock: Clock, id: string, change: Partial<LaunchOrder> = {}) {
  const { ami, architecture, disks } = await imaged(clock, id);
  const { group, subnets } = await networkIn(HERE);
  const order: LaunchOrder = {
    ...{ ami, architecture, disks, group, subnet: subnets[0] ?? "none", type: "t3.medium" },
    ...{ token: randomBytes(32).toString("hex"), tags: { "sla:restore-test": id } },
    ...change,
  };
  return order;
}

async function started(clock: Clock, id: string) {
  const order = await orderOf(clock, id);
  const answer = await ec2TestMachines(clock, here).launch(order);
  if ("machine" in answer) return { order, machine: answer.machine };
  throw new Error(JSON.stringify(answer));
}

const seen = (clock: Clock, machine: string) => () => ec2TestMachines(clock, here).look(machine);

const ofTest = async (clock: Clock, id: string) =>
  (await ec2TestTerminating(clock, here).list()).filter(
    ({ tags }) => tags["sla:restore-test"] === id,
  );

/** By the name of what EC2 said, if it refused. */
async function refusalOf(clock: Clock, id: string, change: Partial<LaunchOrder>): Promise<string> {
  const answer = await ec2TestMachines(clock, here).launch(await orderOf(clock, id, change));
  return "refused" in answer ? (answer.refused.split(":")[0] ?? "") : Object.keys(answer).join();
}

const IMAGES: readonly Case[] = [
  {
    name: "an image is found by its name, and keeps what was found of it",
    by: "EC2 API, CreateImage: Name, TagSpecifications; DescribeImages: filter name; CreateTags: an existing key is overwritten",
    expected: [true, true, { "sla:managed": "true", "sla:tested": "later" }],
    async run(clock) {
      const found = await imaged(clock, "sla-found-20261101t030000z");
      const name = found.listed.id;
      const shelf = ec2TestImages(clock, here);
      await shelf.tag(name, { "sla:tested": "once" });
      await shelf.tag(name, { "sla:tested": "later" });
      const again = await shelf.look(name);
      return [found.ami.startsWith("ami-"), found.disks.length > 0, again?.listed.tags];
    },
  },
  {
    name: "an image that is not there is none, and is given no tags",
    by: "EC2 API, DescribeImages: a filter that nothing matches answers an empty list",
    expected: [null, null],
    async run(clock) {
      const shelf = ec2TestImages(clock, here);
      const name = "sla-none-20261101t030000z";
      return [
        (await shelf.look(name)) ?? null,
        (await shelf.tag(name, { "sla:tested": "x" })) ?? null,
      ];
    },
  },
  {
    name: "an image of a machine that is found by its tag is taken once for a name",
    by: "EC2 API, CreateImage: TagSpecifications, image and snapshot; error codes: InvalidAMIName.Duplicate",
    expected: ["accepted", "already", 1],
    async run(clock) {
      const id = "sla-once-20261101t030000z";
      await aMachine(clock, HERE, { Name: id });
      const { take } = ec2ImageTaking(clock, here);
      const order = { id, database: `Name=${id}`, tags: { "sla:managed": "true" } };
      const answers = [(await take(order)).answer, (await take(order)).answer];
      const all = await ec2Images(clock).list(HERE);
      return [...answers, all.filter((each) => each.id === id).length];
    },
  },
];

const MACHINES: readonly Case[] = [
  {
    name: "a machine is started once for a token, with its tags, and comes up",
    by: "EC2 User Guide, Ensuring idempotency in Amazon EC2 API requests; DescribeInstanceStatus: running instances, ok",
    expected: [true, 1, "running", { system: "ok", own: "ok" }],
    async run(clock) {
      const { order, machine } = await started(clock, "sla-up-20261101t030000z");
      const machines = ec2TestMachines(clock, here);
      const again = await machines.launch(order);
      await until(
        clock,
        () => machines.checks(machine),
        (each) => each?.system === "ok" && each.own === "ok",
      );
      const all = await ofTest(clock, "sla-up-20261101t030000z");
      const isSame = "machine" in again && again.machine === machine;
      return [
        isSame,
        all.length,
        (await seen(clock, machine)())?.state,
        await machines.checks(machine),
      ];
    },
  },
  {
    name: "a token is not taken for something else",
    by: "EC2 API, error codes: IdempotentParameterMismatch",
    expected: ["IdempotentParameterMismatch", 1],
    async run(clock) {
      const id = "sla-token-20261101t030000z";
      const { order } = await started(clock, id);
      const answer = await ec2TestMachines(clock, here).launch({ ...order, type: "t3.large" });
      const said = "refused" in answer ? answer.refused.split(":")[0] : Object.keys(answer).join();
      return [said, (await ofTest(clock, id)).length];
    },
  },
  {
    name: "no machine is started of an image, in a subnet or in a group that is not there",
    by: "EC2 API, error codes: InvalidAMIID.NotFound, InvalidSubnetID.NotFound, InvalidGroup.NotFound",
    expected: ["InvalidAMIID.NotFound", "InvalidSubnetID.NotFound", "InvalidGroup.NotFound", 0],
    async run(clock) {
      const said: unknown[] = [];
      for (const [id, change] of [
        ["sla-no-image-20261101t030000z", { ami: NONE.image }],
        ["sla-no-subnet-20261101t030000z", { subnet: "subnet-00000000000000000" }],
        ["sla-no-group-20261101t030000z", { group: "sg-00000000000000000" }],
      ] as const) {
        said.push(await refusalOf(clock, id, change));
      }
      const all = await ec2TestTerminating(clock, here).list();
      return [...said, all.filter(({ tags }) => tags["sla:restore-test"]?.includes("-no-")).length];
    },
  },
  {
    name: "a machine that is ended is terminated, still shown with its tags, and ended again without an error",
    by: "EC2 User Guide, Terminate instances: a terminated instance stays visible for a while; TerminateInstances is idempotent",
    expected: ["terminated", { "sla:restore-test": "sla-end-20261101t030000z" }, "terminated"],
    async run(clock) {
      const { machine } = await started(clock, "sla-end-20261101t030000z");
      const { terminate } = ec2TestTerminating(clock, here);
      await terminate(machine);
      const ended = await until(
        clock,
        seen(clock, machine),
        (each) => each?.state === "terminated",
      );
      await terminate(machine);
      const again = await seen(clock, machine)();
      return [ended?.state, ended?.tags, again?.state];
    },
  },
  {
    name: "of a machine that is ended nobody says how it is",
    by: "EC2 API, DescribeInstanceStatus: IncludeAllInstances, by default only running instances",
    expected: null,
    async run(clock) {
      const { machine } = await started(clock, "sla-mute-20261101t030000z");
      await ec2TestTerminating(clock, here).terminate(machine);
      await until(clock, seen(clock, machine), (each) => each?.state === "terminated");
      return (await ec2TestMachines(clock, here).checks(machine)) ?? null;
    },
  },
  {
    name: "a machine that is not there is none, has no checks, and is ended without an error",
    by: "EC2 API, error codes: InvalidInstanceID.NotFound; DescribeInstances: a filter that nothing matches answers an empty list",
    expected: [null, null, "ended"],
    async run(clock) {
      const machines = ec2TestMachines(clock, here);
      const looked = (await machines.look(NONE.machine)) ?? null;
      const checked = (await machines.checks(NONE.machine)) ?? null;
      await ec2TestTerminating(clock, here).terminate(NONE.machine);
      return [looked, checked, "ended"];
    },
  },
];

const NETWORKS: readonly Case[] = [
  {
    name: "a new security group lets nobody in and everybody out, and is in the network of its subnet",
    by: "EC2 API, CreateSecurityGroup: a default rule allows all outbound traffic; VPC User Guide, Security group rules",
    expected: [true, ["out to 0.0.0.0/0"], ["out to 0.0.0.0/0"]],
    async run(clock) {
      const { subnets, vpc } = await networkIn(HERE);
      const about = { GroupName: "sealed-cases", Description: "cases", VpcId: vpc };
      const client = new EC2Client({ region: HERE });
      const { GroupId = "" } = await client.send(new CreateSecurityGroupCommand(about));
      const network = { subnet: subnets[0] ?? "none", securityGroup: GroupId };
      const { subnet, group } = await ec2Sealed(clock).look(HERE, network);
      const isOne = subnet?.vpc === vpc && group?.vpc === vpc;
      const words = await ec2TestMachines(clock, here).openings(GroupId);
      return [isOne, group?.openings.map(openingName), words];
    },
  },
  {
    name: "a network that is not there is none",
    by: "EC2 API, DescribeSubnets and DescribeSecurityGroups: a filter that nothing matches answers an empty list",
    expected: {},
    run: (clock) =>
      ec2Sealed(clock).look(HERE, {
        subnet: "subnet-0ffffffffffffffff",
        securityGroup: "sg-0ffffffffffffffff",
      }),
  },
];

export const IMAGE_CASES: readonly Case[] = [...IMAGES, ...MACHINES, ...NETWORKS];
