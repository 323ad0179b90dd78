import type * as client from "@aws-sdk/client-ec2";
import { AwsError, type CallContext } from "../wire/service.ts";
import type { ImageBook } from "./image-book.ts";
import { noMachine } from "./image-operations.ts";
import { machineView, statusView } from "./machine-view.ts";
import type { Machine, Machines } from "./machines.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Subnets } from "./subnets.ts";
import { tagSet } from "./tag-set.ts";

interface Ground {
  readonly account: string;
  readonly machines: Machines;
  readonly images: ImageBook;
  readonly groups: SecurityGroups;
  readonly subnets: Subnets;
}

/** Machines that are started from images of here, one at a time with one interface, and ended: nothing runs in them. */
export const launchOperations = (ground: Ground) => ({
  async RunInstances(input: client.RunInstancesRequest, { region }: CallContext) {
    const wanted = wantedOf(input, ground, region);
    const started = ground.machines.launch(region, wanted);
    return { OwnerId: ground.account, Instances: [machineView(started)] };
  },

  async DescribeInstanceStatus(
    { InstanceIds, Filters, IncludeAllInstances }: client.DescribeInstanceStatusRequest,
    { region }: CallContext,
  ) {
    if (Filters?.length) {
      throw new AwsError("InvalidParameterValue", "no filter of it is known here", 400);
    }
    const all = InstanceIds?.map((id) => machineIn(ground, region, id));
    const shown = (all ?? ground.machines.list(region)).filter(
      ({ state }) => IncludeAllInstances || state === "running",
    );
    return { InstanceStatuses: shown.map(statusView) };
  },

  async TerminateInstances(
    { InstanceIds = [] }: client.TerminateInstancesRequest,
    { region }: CallContext,
  ) {
    const all = InstanceIds.map((id) => machineIn(ground, region, id));
    return {
      TerminatingInstances: all.map((machine) => {
        const before = machine.state;
        ground.machines.terminate(machine);
        return {
          ...{ InstanceId: machine.id, PreviousState: { Name: before } },
          CurrentState: { Name: machine.state },
        };
      }),
    };
  },
});

function machineIn({ machines }: Ground, region: string, id: string): Machine {
  const found = machines.find(region, id);
  if (found) return found;
  throw noMachine(id);
}

/** @throws AwsError as EC2 refuses what is not there */
function wantedOf(input: client.RunInstancesRequest, ground: Ground, region: string) {
  const { images, groups, subnets } = ground;
  const { ImageId, NetworkInterfaces: [network] = [], BlockDeviceMappings = [] } = input;
  const image = images.get(region, ImageId);
  if (image.state !== "available") {
    const message = `The image ID '${image.id}' is not available`;
    throw new AwsError("InvalidAMIID.Unavailable", message, 400);
  }
  const subnet = network?.SubnetId ?? "";
  if (!subnets.find(region, [subnet])[0]) {
    throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${subnet}' does not exist`, 400);
  }
  const inGroups = network?.Groups ?? [];
  const absent = inGroups.find((group) => !groups.has(region, group));
  if (absent !== undefined) {
    const message = `The security group '${absent}' does not exist`;
    throw new AwsError("InvalidGroup.NotFound", message, 400);
  }
  const unsaid = BlockDeviceMappings.some(
    ({ Ebs }) => Ebs && Ebs.SnapshotId === undefined && Ebs.VolumeSize === undefined,
  );
  if (unsaid) {
    const message = "The request must contain the parameter size or snapshotId";
    throw new AwsError("MissingParameter", message, 400);
  }
  const going = BlockDeviceMappings.filter(({ Ebs }) => Ebs?.DeleteOnTermination).length;
  const disks = image.snapshots.length;
  const specified = input.TagSpecifications?.find(
    ({ ResourceType }) => ResourceType === "instance",
  );
  return {
    ...{ disks, subnet, groups: inGroups, launchedFrom: image.id, tags: tagSet(specified?.Tags) },
    ...{ token: input.ClientToken ?? crypto.randomUUID(), type: input.InstanceType ?? "" },
    // Of an image only the first disk goes by itself.
    keeps: disks - Math.max(going, Math.min(disks, 1)),
  };
}
