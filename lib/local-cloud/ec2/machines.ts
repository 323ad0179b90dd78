import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../wire/service.ts";

export type TagSet = Readonly<Record<string, string>>;

/** A machine as far as somebody looks for it, images it, starts it and ends it: none runs here. */
export interface Machine {
  readonly id: string;
  readonly region: string;
  state: "pending" | "running" | "stopped" | "shutting-down" | "terminated";
  /** What EC2's check of it says once it is running. */
  health: "initializing" | "ok" | "impaired";
  readonly tags: TagSet;
  /** How many disks it has. */
  readonly disks: number;
  /** Image that it was launched from. */
  readonly launchedFrom: string;
}

/** What somebody starts, as far as a repeat has to be the same. */
interface Wanted extends Pick<Machine, "disks" | "tags" | "launchedFrom"> {
  readonly token: string;
  readonly subnet: string;
  readonly groups: readonly string[];
  readonly type: string;
  /** How many of its disks outlive it. */
  readonly keeps: number;
}

/** How long a status lasts where EC2 takes minutes and we nothing: long enough to be seen by a poll. */
const STEP_MS = 60;

/** Machines of all regions. */
export class Machines {
  readonly #all = new Map<string, Machine>();
  readonly #launches = new Map<string, { readonly machine: Machine; readonly wanted: Wanted }>();
  readonly #keeps = new Map<Machine, number>();
  readonly #unbootable = new Set<string>();
  #left = 0;

  /** Returns its id, made up unless given. One that is there is replaced. */
  add(
    region: string,
    about: Partial<Pick<Machine, "id" | "state" | "tags" | "disks">> = {},
  ): string {
    const id = about.id ?? idOf("i");
    const defaults = { state: "running", health: "ok", disks: 1, tags: {} } as const;
    this.#put({ ...defaults, launchedFrom: idOf("ami"), ...about, region, id });
    return id;
  }

  #put(machine: Machine): void {
    this.#all.set(`${machine.region}/${machine.id}`, machine);
  }

  /** What is started from this image from now on never comes up. */
  spoil(image: string): void {
    this.#unbootable.add(image);
  }

  /** The same token starts nothing twice. @throws AwsError IdempotentParameterMismatch */
  launch(region: string, wanted: Wanted): Machine {
    const { token, disks, tags, launchedFrom, keeps } = wanted;
    const known = this.#launches.get(`${region}/${token}`);
    if (known && !isDeepStrictEqual(known.wanted, wanted)) {
      const message =
        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";
      throw new AwsError("IdempotentParameterMismatch", message, 400);
    }
    if (known) return known.machine;
    const machine: Machine = {
      ...{ id: idOf("i"), region, state: "pending", health: "initializing" },
      ...{ disks, tags, launchedFrom },
    };
    this.#put(machine);
    this.#launches.set(`${region}/${token}`, { machine, wanted });
    this.#keeps.set(machine, keeps);
    void this.#comeUp(machine);
    return machine;
  }

  /** Disks that were not said to go with their machine stay. */
  terminate(machine: Machine): void {
    if (machine.state === "shutting-down" || machine.state === "terminated") return;
    machine.state = "shutting-down";
    this.#left += this.#keeps.get(machine) ?? 0;
    setTimeout(() => {
      machine.state = "terminated";
    }, STEP_MS).unref();
  }

  /** How many disks are left of machines that were started here and ended. */
  get leftDisks(): number {
    return this.#left;
  }

  async #comeUp(machine: Machine): Promise<void> {
    await wait(STEP_MS, undefined, { ref: false });
    if (machine.state !== "pending") return;
    machine.state = "running";
    await wait(2 * STEP_MS, undefined, { ref: false });
    machine.health = this.#unbootable.has(machine.launchedFrom) ? "impaired" : "ok";
  }

  find = (region: string, id: string): Machine | undefined => this.#all.get(`${region}/${id}`);

  /** Of the machine that has this ARN. */
  about(arn: string): Machine | undefined {
    const [, , , region = "", , name = ""] = arn.split(":");
    return this.find(region, name.replace(/^instance\//, ""));
  }

  list = (region: string): readonly Machine[] =>
    [...this.#all.values()].filter((each) => each.region === region);
}

/** As EC2 makes them: `i-0123456789abcdef0`. */
export const idOf = (kind: string): string =>
  `${kind}-${randomBytes(9).toString("hex").slice(0, 17)}`;
