import type { Begun } from "./case.ts";

/** What the machine hands from step to step; `request.backup` is the name of the image. */
export interface PickedImage extends Begun {
  /** Name of the test: that of the execution. */
  readonly name: string;
  readonly takenAt: string;
  readonly image: Bootable;
}

/** What EC2 has to be told to start it. */
export interface Bootable {
  /** EC2's id. */
  readonly ami: string;
  readonly architecture: string;
  readonly disks: readonly Disk[];
}

/** A disk of an image, as it says itself: what it is made of, or how large it is where it is empty. */
export interface Disk {
  /** `/dev/sda1` */
  readonly name: string;
  readonly snapshot?: string;
  readonly gigabytes?: number;
}

export interface LaunchedImage extends PickedImage {
  readonly machine: string;
  readonly launchedAt: string;
}

export interface BootedImage extends LaunchedImage {
  readonly upAt: string;
}

/** At the end anything may be missing. */
export type EndedImage = Begun & Partial<BootedImage>;
