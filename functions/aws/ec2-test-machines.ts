import {
  DescribeInstanceStatusCommand,
  EC2Client,
  type Filter,
  type Instance,
  type _InstanceType as InstanceType,
  paginateDescribeInstances,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { openingWords } from "../../lib/sla/openings.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { TEST_TAGS } from "../restore/contract.ts";
import type {
  LaunchOrder,
  Started,
  TestMachines,
  TestTerminating,
} from "../restore/image-ports.ts";
import { clientSettings } from "./clients.ts";
import { answered, cloudError, errorName, thereOrNot } from "./cloud-errors.ts";
import { tagsOf } from "./ec2-images.ts";
import { sealedGroup } from "./ec2-sealed.ts";

interface Here {
  readonly region: string;
}

const GONE = "InvalidInstanceID.NotFound";

export function ec2TestMachines(clock: Clock, { region }: Here): TestMachines {
  const client = new EC2Client(clientSettings(clock, { region }));
  return {
    openings: async (group) => (await sealedGroup(client, group))?.openings.map(openingWords),

    async launch(order) {
      const doing = `start ${order.ami} in ${order.subnet}`;
      try {
        const command = new RunInstancesCommand(inputOf(order));
        const { Instances: [started] = [] } = await client.send(command);
        if (started?.InstanceId !== undefined) return { machine: started.InstanceId };
        throw new SlaError("CloudUnreachable", "cloud", `${doing}: EC2 answered no machine`);
      } catch (cause) {
        return launchRefusal(cause, doing);
      }
    },

    async look(machine) {
      const [found] = await instances(client, [{ Name: "instance-id", Values: [machine] }]);
      return found;
    },

    async checks(machine) {
      const command = new DescribeInstanceStatusCommand({ InstanceIds: [machine] });
      const asked = client.send(command);
      const found = await thereOrNot(`look at the checks of ${machine}`, asked, GONE);
      const [one] = found?.InstanceStatuses ?? [];
      const { SystemStatus, InstanceStatus } = one ?? {};
      if (SystemStatus?.Status === undefined || InstanceStatus?.Status === undefined) {
        return undefined;
      }
      return { system: SystemStatus.Status, own: InstanceStatus.Status };
    },
  };
}

export function ec2TestTerminating(clock: Clock, { region }: Here): TestTerminating {
  const client = new EC2Client(clientSettings(clock, { region }));
  return {
    list: () => instances(client, [{ Name: `tag:${TEST_TAGS.test}`, Values: ["*"] }]),

    async terminate(machine) {
      const command = new TerminateInstancesCommand({ InstanceIds: [machine] });
      await thereOrNot(`terminate ${machine}`, client.send(command), GONE);
    },
  };
}

/** Without a profile it is nobody in this account; no disk of it outlives it, whatever the image says. */
const inputOf = (order: LaunchOrder): RunInstancesCommandInput => {
  const Tags = Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    ...{ ClientToken: order.token, ImageId: order.ami, MinCount: 1, MaxCount: 1 },
    InstanceType: order.type as InstanceType,
    InstanceInitiatedShutdownBehavior: "terminate",
    CreditSpecification: { CpuCredits: "standard" },
    // EC2 wants to be told of each what it is made of, or how large it is, though the image says so.
    BlockDeviceMappings: order.disks.map(({ name: DeviceName, snapshot, gigabytes }) => ({
      DeviceName,
      Ebs: {
        ...(snapshot !== undefined && { SnapshotId: snapshot }),
        ...(gigabytes !== undefined && { VolumeSize: gigabytes }),
        DeleteOnTermination: true,
      },
    })),
    NetworkInterfaces: [
      {
        ...{ DeviceIndex: 0, SubnetId: order.subnet, Groups: [order.group] },
        ...{ AssociatePublicIpAddress: false, DeleteOnTermination: true },
      },
    ],
    TagSpecifications: [
      { ResourceType: "instance", Tags },
      { ResourceType: "volume", Tags },
    ],
  };
};

/** Passes by itself: of EC2's room, of the account's quota, of the subnet's addresses. */
const LATER =
  /^(Insufficient(InstanceCapacity|Capacity|FreeAddressesInSubnet)|VcpuLimitExceeded|InstanceLimitExceeded|InvalidAMIID\.Unavailable)$/;

/** EC2 says with a 500, as if it were lost itself, that it has no room. */
function launchRefusal(cause: unknown, doing: string): { later: string } | { refused: string } {
  const name = errorName(cause);
  const said = cause instanceof Error ? `${name}: ${cause.message}` : String(cause);
  if (name !== undefined && LATER.test(name)) return { later: said };
  const meant = cloudError(cause, doing);
  if (meant instanceof SlaError && meant.code !== "CloudRefused") throw meant;
  if (!(meant instanceof Error)) throw meant;
  return { refused: meant instanceof SlaError ? meant.message : said };
}

async function instances(client: EC2Client, Filters: Filter[]): Promise<readonly Started[]> {
  const pages = paginateDescribeInstances({ client }, { Filters });
  const all = await answered("look for machines of tests", Array.fromAsync(pages));
  return all.flatMap(({ Reservations = [] }) =>
    Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(startedOf)),
  );
}

function startedOf({ InstanceId, State, StateReason, Tags = [] }: Instance): readonly Started[] {
  if (InstanceId === undefined) return [];
  return [
    {
      ...{ machine: InstanceId, state: State?.Name ?? "unknown", tags: tagsOf(Tags) },
      ...(StateReason?.Message !== undefined && { reason: StateReason.Message }),
    },
  ];
}
