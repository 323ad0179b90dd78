import { setTimeout as wait } from "node:timers/promises";
import type { EventLog } from "../event-log.ts";
import { AwsError } from "../wire/service.ts";
import { idOf, type Machine, type Machines, type TagSet } from "./machines.ts";

/** A disk of an image. */
export interface DiskSnapshot {
  readonly id: string;
  readonly region: string;
  readonly startedAt: Date;
  /** Key that encrypts it; absent: nothing does. */
  readonly key?: string;
  state: "pending" | "completed" | "error";
  tags: TagSet;
}

export interface MachineImage {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Of which machine, unless it is a copy. */
  readonly machine?: string;
  /** Image that its machine was launched from, or that it is a copy of. */
  readonly source: { readonly id: string; readonly region: string };
  readonly snapshots: readonly DiskSnapshot[];
  state: "pending" | "available" | "failed";
  /** Why it failed. */
  reason?: string;
  tags: TagSet;
}

export interface ImageGround {
  readonly machines: Machines;
  readonly log: Pick<EventLog, "record">;
  readonly keys: { isEnabled(region: string, key: string): boolean };
  isCutOff(region: string): boolean;
}

/** How long a status lasts where EC2 takes minutes and we nothing: long enough to be seen by a poll. */
const STEP_MS = 60;

/** Images of machines and the snapshots that they consist of, in all regions. Nothing of a disk is read. */
export class ImageBook {
  readonly #ground: ImageGround;
  readonly #images = new Set<MachineImage>();
  readonly #snapshots = new Set<DiskSnapshot>();

  constructor(ground: ImageGround) {
    this.#ground = ground;
  }

  images = (region: string): readonly MachineImage[] =>
    [...this.#images].filter((each) => each.region === region);

  snapshots = (region: string): readonly DiskSnapshot[] =>
    [...this.#snapshots].filter((each) => each.region === region);

  /** What has this ARN, an image or a snapshot, which consists of none. */
  about(
    arn: string,
  ): { readonly tags: TagSet; readonly snapshots: readonly DiskSnapshot[] } | undefined {
    const [, , , region = "", , name = ""] = arn.split(":");
    const id = name.slice(name.indexOf("/") + 1);
    const snapshot = this.snapshots(region).find((each) => each.id === id);
    if (snapshot) return { tags: snapshot.tags, snapshots: [] };
    return this.images(region).find((each) => each.id === id);
  }

  /** Of the snapshot that has this ARN; undefined: nothing encrypts it. */
  keyOf(arn: string): string | undefined {
    const [, , , region = "", , name = ""] = arn.split(":");
    return this.snapshots(region).find(({ id }) => name === `snapshot/${id}`)?.key;
  }

  /** @throws AwsError InvalidAMIID.NotFound */
  get(region: string, id: string | undefined): MachineImage {
    const found = this.images(region).find((each) => each.id === id);
    if (found) return found;
    throw refusal("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
  }

  /** @throws AwsError InvalidAMIName.Duplicate, InvalidAMIName.Malformed */
  create(machine: Machine, name: string, tags: { image: TagSet; snapshot: TagSet }): MachineImage {
    const { region, disks } = machine;
    const source = { id: machine.launchedFrom, region };
    return this.#make({ region, name, disks, machine: machine.id, source, tags });
  }

  /** @throws AwsError likewise */
  copy(
    source: MachineImage,
    region: string,
    { name, key, tags }: { name: string; key?: string; tags: { image: TagSet; snapshot: TagSet } },
  ): MachineImage {
    const { snapshots } = source;
    return this.#make({
      ...{
        region,
        name,
        disks: snapshots.length,
        source: { id: source.id, region: source.region },
      },
      ...{ tags, ...(key !== undefined && { key }) },
    });
  }

  /** @throws AwsError InvalidAMIID.NotFound */
  deregister(region: string, id: string | undefined): MachineImage {
    const image = this.get(region, id);
    this.#images.delete(image);
    this.#record(image, "ImageDeregistered");
    return image;
  }

  /** @throws AwsError InvalidSnapshot.NotFound, InvalidSnapshot.InUse */
  deleteSnapshot(region: string, id: string | undefined): void {
    const snapshot = this.snapshots(region).find((each) => each.id === id);
    if (!snapshot) {
      throw refusal("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`);
    }
    const user = this.images(region).find(({ snapshots }) => snapshots.includes(snapshot));
    if (user) {
      const message = `The snapshot ${id} is currently in use by ${user.id}`;
      throw refusal("InvalidSnapshot.InUse", message);
    }
    this.#snapshots.delete(snapshot);
  }

  #make(wanted: {
    readonly region: string;
    readonly name: string;
    readonly disks: number;
    readonly machine?: string;
    readonly source: MachineImage["source"];
    readonly key?: string;
    readonly tags: { readonly image: TagSet; readonly snapshot: TagSet };
  }): MachineImage {
    const { region, name, disks, machine, source, key, tags } = wanted;
    this.#checkName(region, name);
    const startedAt = new Date();
    const snapshots = Array.from(
      { length: disks },
      (): DiskSnapshot => ({
        ...{ id: idOf("snap"), region, startedAt, state: "pending", tags: tags.snapshot },
        ...(key !== undefined && { key }),
      }),
    );
    const image: MachineImage = {
      ...{ id: idOf("ami"), region, name, createdAt: startedAt, source, snapshots },
      ...{ state: "pending", tags: tags.image, ...(machine !== undefined && { machine }) },
    };
    for (const each of snapshots) this.#snapshots.add(each);
    this.#images.add(image);
    void this.#complete(image, key);
    return image;
  }

  #checkName(region: string, name: string): void {
    if (!/^[\w ()[\]./'@-]{3,128}$/.test(name)) {
      throw refusal("InvalidAMIName.Malformed", `AMI name '${name}' has 3 to 128 characters`);
    }
    const other = this.images(region).find((each) => each.name === name);
    if (!other) return;
    const message = `AMI name ${name} is already in use by AMI ${other.id}`;
    throw refusal("InvalidAMIName.Duplicate", message);
  }

  /** EC2 looks at keys and at the other region after it has answered. */
  async #complete(image: MachineImage, key: string | undefined): Promise<void> {
    await wait(STEP_MS, undefined, { ref: false });
    const { keys, isCutOff } = this.#ground;
    const lost = [image.region, image.source.region].find(isCutOff);
    const isLocked = key !== undefined && !keys.isEnabled(image.region, key);
    if (lost !== undefined) image.reason = `${lost} does not answer`;
    if (isLocked) image.reason = `Given key ID is not accessible: ${key}`;
    image.state = image.reason === undefined ? "available" : "failed";
    for (const each of image.snapshots) {
      each.state = image.state === "available" ? "completed" : "error";
    }
    this.#record(image, "ImageStatusChanged");
  }

  #record({ region, name, state, reason }: MachineImage, operation: string): void {
    const detail = { image: name, state, ...(reason !== undefined && { error: reason }) };
    this.#ground.log.record({ region, service: "ec2", operation, detail });
  }
}

const refusal = (code: string, message: string) => new AwsError(code, message, 400);
