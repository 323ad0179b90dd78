import {
  CopyImageCommand,
  CreateImageCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  EC2Client,
  type Tag,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { instanceInName, nameIn, type Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Clock } from "../kernel/clock.ts";
import { BACKUP_KEY } from "../reconcile/contract.ts";
import type { Copying } from "../replicate/ports.ts";
import type { Removing, Taking } from "../snapshot/ports.ts";
import { outcome } from "./backup-outcome.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { imagesIn, snapshotsOf } from "./ec2-images.ts";
import { machineOf } from "./ec2-machines.ts";

interface Here {
  readonly region: string;
}

/** Nobody's machine is stopped for it: every disk is as it was at one moment, as after a loss of power. */
export function ec2ImageTaking(clock: Clock, { region }: Here): Taking {
  const client = clientIn(clock, region);
  return {
    async take({ id, database: called, tags }) {
      const found = await machineOf(client, called);
      if (found.kind === "none") return { id, answer: "refused", said: `${region}: ${found.said}` };
      const command = new CreateImageCommand({
        ...{ InstanceId: found.machine, Name: id, NoReboot: true },
        TagSpecifications: tagged(tags),
      });
      return outcome(id, `take ${id} of ${found.machine}`, client.send(command));
    },
  };
}

export function ec2ImageCopying(clock: Clock, { region }: Here): Pick<Copying, "copy"> {
  const clients = perRegion((each) => clientIn(clock, each));
  const imageIn = async (place: string, id: string) => {
    const command = new DescribeImagesCommand({
      ...{ Owners: ["self"], Filters: [{ Name: "name", Values: [id] }] },
    });
    const doing = `look for ${id} in ${place}`;
    const { Images = [] } = await answered(doing, clients(place).send(command));
    return Images[0]?.ImageId;
  };
  return {
    async copy({ id, from, tags }) {
      const source = await imageIn(from, id);
      if (source === undefined) return { id, answer: "already", said: "the source is gone" };
      // A name is taken once in a region; whoever would try would be told after the copy began.
      if ((await imageIn(region, id)) !== undefined) return { id, answer: "already" };
      const command = new CopyImageCommand({
        ...{ SourceImageId: source, SourceRegion: from, Name: id },
        ...{ Encrypted: true, KmsKeyId: BACKUP_KEY },
        TagSpecifications: tagged(tags),
      });
      return outcome(id, `copy ${id} from ${from}`, clients(region).send(command));
    },
  };
}

export function ec2ImageRemoving(clock: Clock, { region }: Here): Removing {
  const client = clientIn(clock, region);
  return {
    async look(id) {
      const all = await imagesIn(client, region, instanceInName(id));
      return all.find((each) => each.id === id);
    },

    /** With its snapshots; those that are left of an earlier deletion by themselves. */
    async remove(id) {
      const command = new DescribeImagesCommand({
        ...{ Owners: ["self"], Filters: [{ Name: "name", Values: [id] }] },
      });
      const { Images = [] } = await answered(`look at ${id}`, client.send(command));
      const ImageId = Images[0]?.ImageId;
      if (ImageId !== undefined) {
        const deregister = new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true });
        return outcome(id, `delete ${id}`, client.send(deregister));
      }
      const all = await snapshotsOf(client, region, instanceInName(id));
      const left = all.filter(({ tags }) => nameIn(tags) === id);
      for (const { snapshot: SnapshotId } of left) {
        const command = new DeleteSnapshotCommand({ SnapshotId });
        const deleted = await outcome(id, `delete ${SnapshotId} of ${id}`, client.send(command));
        if (deleted.answer !== "accepted" && deleted.answer !== "already") return deleted;
      }
      return { id, answer: left.length > 0 ? "accepted" : "already" };
    },
  };
}

const clientIn = (clock: Clock, region: string) => new EC2Client(clientSettings(clock, { region }));

/** Snapshots as well: what may be deleted has our tag. */
const tagged = (tags: Tags): TagSpecification[] => {
  const list: Tag[] = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return [
    { ResourceType: "image", Tags: list },
    { ResourceType: "snapshot", Tags: list },
  ];
};
