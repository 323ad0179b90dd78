import type * as client from "@aws-sdk/client-ec2";
import { AwsError, type CallContext } from "../wire/service.ts";
import { type Facets, filtered } from "./filters.ts";
import type { DiskSnapshot, ImageBook, MachineImage } from "./image-book.ts";
import { machineView } from "./machine-view.ts";
import type { Machine, Machines } from "./machines.ts";
import { tagList, tagSet } from "./tag-set.ts";

const MACHINES: Facets<Machine> = {
  "instance-id": ({ id }) => id,
  "instance-state-name": ({ state }) => state,
};
const IMAGES: Facets<MachineImage> = {
  "image-id": ({ id }) => id,
  name: ({ name }) => name,
  state: ({ state }) => state,
};
const SNAPSHOTS: Facets<DiskSnapshot> = {
  "snapshot-id": ({ id }) => id,
  status: ({ state }) => state,
};

/** Of machines, their images and what those consist of. */
export const imageOperations = (account: string, machines: Machines, book: ImageBook) => ({
  ...lists(account, machines, book),
  ...makers(machines, book),
  ...ends(book),
});

const lists = (account: string, machines: Machines, book: ImageBook) => ({
  async DescribeInstances(input: client.DescribeInstancesRequest, { region }: CallContext) {
    const { InstanceIds: ids, Filters } = input;
    const known = machines.list(region);
    const absent = ids?.find((id) => known.every((each) => each.id !== id));
    if (absent !== undefined) throw noMachine(absent);
    const asked = known.filter(({ id }) => ids?.includes(id) ?? true);
    return {
      Reservations: filtered(asked, Filters, MACHINES).map((each) => ({
        ...{ OwnerId: account, Instances: [machineView(each)] },
      })),
    };
  },

  async DescribeImages(input: client.DescribeImagesRequest, { region }: CallContext) {
    const { ImageIds: ids, Filters } = input;
    // Those of others, and of AWS, are not known here.
    const all = ids ? ids.map((id) => book.get(region, id)) : book.images(region);
    return { Images: filtered(all, Filters, IMAGES).map((each) => imageView(account, each)) };
  },

  async DescribeSnapshots(input: client.DescribeSnapshotsRequest, { region }: CallContext) {
    const { SnapshotIds: ids, Filters } = input;
    const all = book.snapshots(region).filter(({ id }) => ids?.includes(id) ?? true);
    return { Snapshots: filtered(all, Filters, SNAPSHOTS).map((each) => diskView(account, each)) };
  },
});

const makers = (machines: Machines, book: ImageBook) => ({
  async CreateImage(input: client.CreateImageRequest, { region }: CallContext) {
    const { InstanceId = "", Name = "", TagSpecifications } = input;
    const machine = machines.find(region, InstanceId);
    if (!machine) throw noMachine(InstanceId);
    if (machine.state === "terminated") {
      const message = `The instance '${InstanceId}' is not in a valid state for this operation.`;
      throw new AwsError("IncorrectInstanceState", message, 400);
    }
    const { id } = book.create(machine, Name, specified(TagSpecifications));
    return { ImageId: id };
  },

  async CopyImage(input: client.CopyImageRequest, { region }: CallContext) {
    const { SourceImageId, SourceRegion = "", Name = "", KmsKeyId, Encrypted } = input;
    const source = book.get(SourceRegion, SourceImageId);
    if (source.state !== "available") {
      const message = `Source image ${source.id} is not in available state`;
      throw new AwsError("InvalidRequest", message, 400);
    }
    const isEncrypted = source.snapshots.some(({ key }) => key !== undefined);
    const key = KmsKeyId ?? (Encrypted || isEncrypted ? "alias/aws/ebs" : undefined);
    const copy = book.copy(source, region, {
      ...{ name: Name, tags: specified(input.TagSpecifications) },
      ...(key !== undefined && { key }),
    });
    return { ImageId: copy.id };
  },
});

const ends = (book: ImageBook) => ({
  async DeregisterImage(input: client.DeregisterImageRequest, { region }: CallContext) {
    const { snapshots } = book.deregister(region, input.ImageId);
    if (!input.DeleteAssociatedSnapshots) return { Return: true };
    for (const { id } of snapshots) book.deleteSnapshot(region, id);
    return {
      Return: true,
      DeleteSnapshotResults: snapshots.map(({ id }) => ({ SnapshotId: id, ReturnCode: "success" })),
    };
  },

  async DeleteSnapshot(input: client.DeleteSnapshotRequest, { region }: CallContext) {
    book.deleteSnapshot(region, input.SnapshotId);
    return {};
  },

  async CreateTags(input: client.CreateTagsRequest, { region }: CallContext) {
    const all = [...book.images(region), ...book.snapshots(region)];
    const named = (input.Resources ?? []).map((id) => {
      const found = all.find((each) => each.id === id);
      if (found) return found;
      throw new AwsError("InvalidID", `The ID '${id}' is not valid`, 400);
    });
    for (const each of named) each.tags = { ...each.tags, ...tagSet(input.Tags) };
    return {};
  },
});

export const noMachine = (id: string) =>
  new AwsError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`, 400);

function specified(all: readonly client.TagSpecification[] = []) {
  const of = (kind: string) => tagSet(all.find(({ ResourceType }) => ResourceType === kind)?.Tags);
  return { image: of("image"), snapshot: of("snapshot") };
}

/** EC2 shows the image that a machine was launched from as the source of what is made of it. */
const imageView = (account: string, image: MachineImage): client.Image => ({
  ...{ ImageId: image.id, Name: image.name, OwnerId: account, State: image.state, Public: false },
  Architecture: "x86_64",
  CreationDate: image.createdAt.toISOString(),
  ...(image.machine !== undefined && { SourceInstanceId: image.machine }),
  ...{ SourceImageId: image.source.id, SourceImageRegion: image.source.region },
  ...(image.reason !== undefined && { StateReason: { Message: image.reason } }),
  BlockDeviceMappings: image.snapshots.map(({ id, key }, index) => ({
    DeviceName: `/dev/sd${"abcdefgh".charAt(index)}`,
    // As of machines by default: the first goes with its machine, others stay.
    Ebs: { SnapshotId: id, Encrypted: key !== undefined, DeleteOnTermination: index === 0 },
  })),
  Tags: tagList(image.tags),
});

const diskView = (account: string, disk: DiskSnapshot): client.Snapshot => ({
  ...{ SnapshotId: disk.id, OwnerId: account, State: disk.state, StartTime: disk.startedAt },
  ...{ Encrypted: disk.key !== undefined, Tags: tagList(disk.tags) },
  ...(disk.key !== undefined && { KmsKeyId: disk.key }),
});
