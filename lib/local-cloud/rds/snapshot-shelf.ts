import type { Tag } from "@aws-sdk/client-rds";
import { AwsError } from "../wire/service.ts";
import type { Choices, Contents } from "./instance.ts";
import { place } from "./names.ts";

/** A manual snapshot: a compressed base backup that starts by itself. */
export interface Snapshot {
  readonly region: string;
  readonly id: string;
  readonly arn: string;
  readonly instanceId: string;
  readonly instanceResourceId: string;
  readonly instanceCreatedAt: Date;
  readonly contents: Contents;
  readonly choices: Choices;
  readonly port: number;
  /** Of this copy; changes with every copy. */
  readonly createdAt: Date;
  readonly originallyCreatedAt: Date;
  /** Newest moment whose transactions may be in it. */
  readonly databaseTime: Date;
  readonly file: string;
  /** Of a copy: the ARN it was made from. */
  readonly copiedFrom?: string;
  status: "creating" | "available" | "deleting" | "failed";
  tags: readonly Tag[];
  /** Never rejects. */
  work: Promise<void>;
  failure?: Error;
}

/** AWS's default quota of manual snapshots in a region. */
const QUOTA = 100;

export class SnapshotShelf {
  readonly #snapshots = new Map<string, Snapshot>();

  /** @throws AwsError DBSnapshotAlreadyExistsFault, SnapshotQuotaExceededFault */
  checkFree(region: string, id: string): void {
    if (this.#snapshots.has(keyOf(region, id))) {
      throw new AwsError(
        "DBSnapshotAlreadyExistsFault",
        `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
        400,
      );
    }
    if (this.in(region).length >= QUOTA) {
      throw new AwsError(
        "SnapshotQuotaExceededFault",
        `Cannot create more than ${QUOTA} manual snapshots.`,
        400,
      );
    }
  }

  add(snapshot: Snapshot): void {
    this.#snapshots.set(keyOf(snapshot.region, snapshot.id), snapshot);
  }

  /** By identifier or ARN. @throws AwsError DBSnapshotNotFoundFault */
  get(region: string, reference: string | undefined): Snapshot {
    const meant = place(reference ?? "", region);
    const found = this.#snapshots.get(keyOf(meant.region, meant.id));
    if (found) return found;
    throw new AwsError("DBSnapshotNotFoundFault", `DBSnapshot ${reference ?? ""} not found.`, 404);
  }

  in(region: string): Snapshot[] {
    return [...this.#snapshots.values()].filter((snapshot) => snapshot.region === region);
  }

  all(): Snapshot[] {
    return [...this.#snapshots.values()];
  }

  remove({ region, id }: Snapshot): void {
    this.#snapshots.delete(keyOf(region, id));
  }
}

/** @throws AwsError InvalidDBSnapshotStateFault */
export function mustBeAvailable({ id, status }: Snapshot): void {
  if (status === "available") return;
  throw new AwsError(
    "InvalidDBSnapshotStateFault",
    `Snapshot ${id} is not in available state: it is ${status}.`,
    400,
  );
}

const keyOf = (region: string, id: string) => `${region}/${id}`;
