import type { EventLog } from "../event-log.ts";
import { AwsError } from "../wire/service.ts";
import type { EventBook } from "./event-book.ts";
import type { Instance, Status } from "./instance.ts";
import { place } from "./names.ts";
import { GRANTED } from "./quota.ts";

/** All DB instances of all regions. */
export class Inventory {
  readonly #instances = new Map<string, Instance>();
  readonly #log: EventLog;
  readonly #events: EventBook;
  #isClosed = false;

  constructor(log: EventLog, events: EventBook) {
    this.#log = log;
    this.#events = events;
  }

  /** @throws AwsError DBInstanceAlreadyExistsFault */
  checkFree(region: string, id: string): void {
    if (this.#instances.has(keyOf(region, id))) {
      throw new AwsError("DBInstanceAlreadyExistsFault", "DB Instance already exists", 400);
    }
  }

  /** @throws AwsError InstanceQuotaExceededFault; one that is being deleted counts until it is gone */
  checkRoom(region: string): void {
    if (this.in(region).length < GRANTED.DBInstances) return;
    throw new AwsError(
      "InstanceQuotaExceededFault",
      `Cannot create more than ${GRANTED.DBInstances} DB instances in ${region}.`,
      400,
    );
  }

  add(instance: Instance): void {
    this.#instances.set(keyOf(instance.region, instance.id), instance);
    this.#record(instance, undefined, instance.status);
  }

  /** By identifier or ARN, in a call to `region`. @throws AwsError DBInstanceNotFoundFault */
  get(region: string, reference: string | undefined): Instance {
    const meant = place(reference ?? "", region);
    const found = this.#instances.get(keyOf(meant.region, meant.id));
    if (found) return found;
    throw new AwsError("DBInstanceNotFoundFault", `DBInstance ${reference ?? ""} not found.`, 404);
  }

  in(region: string): Instance[] {
    return [...this.#instances.values()].filter((instance) => instance.region === region);
  }

  all(): Instance[] {
    return [...this.#instances.values()];
  }

  /** Replicas that still follow the instance. */
  replicasOf({ region, id }: Instance): Instance[] {
    return this.all().filter(
      ({ source }) =>
        source?.region === region && source.id === id && source.replication === "replicating",
    );
  }

  remove(instance: Instance): void {
    this.#instances.delete(keyOf(instance.region, instance.id));
    this.#record(instance, instance.status, "deleted");
  }

  setStatus(instance: Instance, status: Status): void {
    if (instance.status === status) return;
    const from = instance.status;
    instance.status = status;
    this.#record(instance, from, status);
  }

  /** Runs after the instance's earlier work; a failure leaves it `failed`, for good. */
  begin(instance: Instance, work: () => Promise<void>): void {
    instance.work = instance.work.then(work).catch((cause: Error) => {
      instance.failure = cause;
      // What it was given up for comes next.
      if (this.#isClosed || instance.status === "deleting") return;
      const detail = { instance: instance.id, error: cause.message };
      this.#log.record({ region: instance.region, service: "rds", operation: "Failed", detail });
      this.#events.add(instance, "failure", `DB instance failed: ${cause.message}`);
      this.setStatus(instance, "failed");
    });
  }

  /** From now on failing is what work is meant to do. */
  close(): void {
    this.#isClosed = true;
  }

  #record({ region, id }: Instance, from: Status | undefined, to: Status | "deleted"): void {
    const detail = { instance: id, from, to };
    this.#log.record({ region, service: "rds", operation: "StatusChanged", detail });
  }
}

/** @throws AwsError InvalidDBInstanceStateFault unless the instance is in one of these */
export function mustBe(instance: Instance, ...allowed: readonly Status[]): void {
  if (allowed.includes(instance.status)) return;
  throw invalidState(
    `Instance ${instance.id} is not in ${allowed.join(" or ")} state: it is ${instance.status}.`,
  );
}

export const invalidState = (message: string) =>
  new AwsError("InvalidDBInstanceStateFault", message, 400);

const keyOf = (region: string, id: string) => `${region}/${id}`;
