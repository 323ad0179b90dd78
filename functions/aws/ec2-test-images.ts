import {
  type BlockDeviceMapping,
  CreateTagsCommand,
  DescribeImagesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import type { Clock } from "../kernel/clock.ts";
import type { Disk } from "../restore/image-case.ts";
import type { TestImages } from "../restore/image-ports.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { shownImages } from "./ec2-images.ts";

interface Here {
  readonly region: string;
}

/** Images of the own region as tests see them: their findings are all that may be written on them. */
export function ec2TestImages(clock: Clock, { region }: Here): TestImages {
  const client = new EC2Client(clientSettings(clock, { region }));
  const named = async (name: string) => {
    const command = new DescribeImagesCommand({
      ...{ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] },
    });
    const { Images: [image] = [] } = await answered(`look at ${name}`, client.send(command));
    return image;
  };
  return {
    async look(name) {
      const image = await named(name);
      const [listed] = image ? shownImages(image, region) : [];
      if (!image || !listed) return undefined;
      const {
        ImageId: ami = "",
        Architecture: architecture = "",
        BlockDeviceMappings = [],
      } = image;
      return { listed, ami, architecture, disks: BlockDeviceMappings.flatMap(diskOf) };
    },

    /** One that was rotated meanwhile has no use for them. */
    async tag(name, tags) {
      const image = await named(name);
      if (image?.ImageId === undefined) return;
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const command = new CreateTagsCommand({ Resources: [image.ImageId], Tags });
      await answered(`tag ${name}`, client.send(command));
    },
  };
}

/** Of those that EC2 has to make. */
function diskOf({ DeviceName: name, Ebs }: BlockDeviceMapping): Disk[] {
  if (name === undefined || !Ebs) return [];
  const { SnapshotId: snapshot, VolumeSize: gigabytes } = Ebs;
  if (snapshot !== undefined) return [{ name, snapshot }];
  return [{ name, ...(gigabytes !== undefined && { gigabytes }) }];
}
