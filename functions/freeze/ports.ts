import type { Manifest } from "./contract.ts";

/** What a container is given, by container. */
export type Environments = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Tasks {
  /** Begins a task of a family, or finds the one begun with the same token. Answers its ARN. */
  begin(token: string, family: string, environments: Environments): Promise<string>;
  look(task: string): Promise<TaskSight>;
}

/** `gone`: nobody knows of it any more, an hour after its end. */
export type TaskSight =
  | { readonly state: "under-way" | "gone" }
  | { readonly state: "ended"; readonly reason: string };

/** The bucket of frozen copies. */
export interface Vault {
  readonly bucket: string;
  /** Undefined if there is none. */
  text(key: string): Promise<string | undefined>;
  /** Keys below a prefix. */
  keys(prefix: string): Promise<readonly string[]>;
  /** Undefined if there is none. */
  lock(key: string): Promise<Locked | undefined>;
  /** Whether it was written; false if one is there already. */
  writeOnce(key: string, manifest: Manifest): Promise<boolean>;
}

export interface Locked {
  readonly bytes: number;
  readonly writtenAt: Date;
  /** Undefined: anybody with the right to may delete it. */
  readonly retainUntil?: Date;
}
