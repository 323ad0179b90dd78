import type { FiledFile, Manifest } from "../../lib/sla/backups/manifest.ts";
import type { Destination } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { NotifyRequest } from "../notify/contract.ts";
import type { DeliverEvent } from "./contract.ts";
import type { Credentials } from "./credentials.ts";

/** A customer's own place, open. Rejects with the codes of FAULTS. */
export interface Depot {
  /** What lies there under names that begin so; of uploads that broke off, what their files are called meanwhile. */
  list(beginning: string): Promise<readonly Lying[]>;
  /** All of it under its name, in the place of what was there, or nothing: until then it is called otherwise. */
  write(file: Outgoing): Promise<void>;
  /** What is not there is removed as well. */
  remove(name: string): Promise<void>;
  close(): void;
}

export interface Lying {
  readonly name: string;
  readonly bytes: number;
}

export interface Outgoing {
  readonly name: string;
  readonly bytes: number;
  /** Rejects where the file must not be kept. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

export type OpenDepot = (
  destination: Destination,
  credentials: Credentials,
  signal: AbortSignal,
) => Promise<Depot>;

/** Frozen copies of an instance, the oldest first. */
export interface Shelf {
  copies(instance: string): Promise<readonly FrozenCopy[]>;
  /** The content of a dump. */
  open(key: string): Promise<AsyncIterable<Uint8Array>>;
}

/** Replicas of the files, in the region of frozen copies. */
export interface FileShelf {
  /** Which files belong to a backup; undefined while that is not written. */
  manifest(instance: string, backup: string): Promise<Manifest | undefined>;
  /** Of one version. Rejects with FilesBroken if it is gone. */
  open(instance: string, file: FiledFile): Promise<AsyncIterable<Uint8Array>>;
}

/** Undefined if there is no such secret. */
export interface Secrets {
  read(name: string): Promise<string | undefined>;
}

export interface Messenger {
  notify(request: NotifyRequest): Promise<void>;
}

/** Hands an event to another invocation of the function. */
export type HandOn = (event: DeliverEvent) => Promise<void>;
