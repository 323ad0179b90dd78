import type { Tag } from "@aws-sdk/client-rds";
import { AwsError } from "../wire/service.ts";
import type { Choices, Contents } from "./instance.ts";
import { place } from "./names.ts";

/** A copy waits its turn `pending`; what is made within a region is `creating`. */
export type SnapshotStatus =
  | "creating"
  | "pending"
  | "copying"
  | "available"
  | "deleting"
  | "failed";

/** A compressed copy that starts by itself. */
export interface Snapshot {
  readonly region: string;
  readonly id: string;
  readonly arn: string;
  readonly type: "manual" | "automated";
  readonly instanceId: string;
  readonly instanceArn: string;
  readonly instanceResourceId: string;
  readonly instanceCreatedAt: Date;
  readonly contents: Contents;
  readonly choices: Choices;
  readonly port: number;
  /** Of this copy; changes with every copy. */
  readonly createdAt: Date;
  readonly originallyCreatedAt: Date;
  /** Newest moment whose transactions may be in it; known when it was read. */
  databaseTime: Date;
  readonly file: string;
  /** Of a copy: what it was made from. */
  readonly copiedFrom?: { readonly region: string; readonly arn: string };
  status: SnapshotStatus;
  /** Of 100. */
  progress: number;
  tags: readonly Tag[];
  /** Aborted when it is to be deleted: copies that are being made of it fail. */
  readonly gone: AbortController;
  /** Never rejects. */
  work: Promise<void>;
  failure?: Error;
}

/** AWS's default quota of manual snapshots in a region. */
const QUOTA = 100;
/** Copies in progress into one region, of an account; not adjustable. */
const COPIES = 20;

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
    if (this.in(region).filter(({ type }) => type === "manual").length >= QUOTA) {
      throw quotaExceeded(`Cannot create more than ${QUOTA} manual snapshots`);
    }
  }

  /** @throws AwsError SnapshotQuotaExceededFault */
  checkCopies(region: string): void {
    const isUnderway = ({ status }: Snapshot) => status === "pending" || status === "copying";
    if (this.in(region).filter(isUnderway).length >= COPIES) {
      throw quotaExceeded(`Cannot copy more than ${COPIES} snapshots across regions`);
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

/** @throws AwsError InvalidDBSnapshotStateFault unless the snapshot is in one of these */
export function snapshotMustBe(
  { id, status }: Snapshot,
  ...allowed: readonly SnapshotStatus[]
): void {
  if (allowed.includes(status)) return;
  throw new AwsError(
    "InvalidDBSnapshotStateFault",
    `Snapshot ${id} is not in ${allowed.join(" or ")} state: it is ${status}.`,
    400,
  );
}

const quotaExceeded = (message: string) => new AwsError("SnapshotQuotaExceededFault", message, 400);

const keyOf = (region: string, id: string) => `${region}/${id}`;
