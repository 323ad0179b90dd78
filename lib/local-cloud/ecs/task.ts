import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { TaskOverride } from "@aws-sdk/client-ecs";
import type { EventLog } from "../event-log.ts";
import type { Guard } from "../lambda/function.ts";
import type { Pace } from "../pace.ts";
import { Container } from "./container.ts";
import type { ContainerSpec, TaskDefinition } from "./definition.ts";
import { programOf } from "./programs.ts";

/** How a task finds this cloud; one for each task, closed when it has ended. */
export interface TaskNetwork {
  /** Above a container's own variables. */
  environment(own: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

export interface TaskOptions {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly guard?: Guard;
  readonly account: string;
  /** Logs and working directories go below it. */
  readonly directory: string;
  readonly network: (holder: TaskHolder, groups: readonly string[]) => TaskNetwork;
  /** A secret's text, by the ARN a container names. */
  readonly secret: (holder: TaskHolder, valueFrom: string) => Promise<string>;
}

/** A task that takes a role on: as programs the task's own, at its beginning the one of its execution. */
export interface TaskHolder {
  readonly region: string;
  readonly id: string;
  /** ARN. */
  readonly role: string | undefined;
}

export interface TaskWish {
  readonly cluster: string;
  readonly groups: readonly string[];
  readonly overrides: TaskOverride;
  readonly startedBy: string | undefined;
}

type Status = "PROVISIONING" | "PENDING" | "RUNNING" | "DEPROVISIONING" | "STOPPED";
type StopCode = "EssentialContainerExited" | "TaskFailedToStart" | "UserInitiated";

/** What is known of a container, running or not. */
interface ContainerState {
  readonly spec: ContainerSpec;
  process?: Container;
  exitCode?: number;
  reason?: string;
}

/** How long a status lasts where AWS takes seconds and we nothing. */
const STEP_MS = 60;
/** Programs get this long to tidy up, however fast a minute passes. */
const STOP_FLOOR_MS = 2000;

/** One task: the processes of its containers, and what ECS says of it. */
export class Task {
  readonly id = randomBytes(16).toString("hex");
  readonly arn: string;
  readonly createdAt = new Date();
  readonly containers: readonly ContainerState[];
  readonly definition: TaskDefinition;
  readonly wish: TaskWish;
  readonly #options: TaskOptions;
  /** Resolves when it is STOPPED. */
  readonly ended: Promise<void>;
  readonly #stop = Promise.withResolvers<void>();
  status: Status = "PROVISIONING";
  isWanted = true;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
  stopCode: StopCode | undefined;
  stoppedReason: string | undefined;

  constructor(definition: TaskDefinition, wish: TaskWish, options: TaskOptions) {
    this.definition = definition;
    this.wish = wish;
    this.#options = options;
    this.arn = `arn:aws:ecs:${definition.region}:${options.account}:task/${wish.cluster}/${this.id}`;
    this.containers = definition.containers.map((spec) => ({ spec }));
    this.ended = this.#run();
  }

  /** Asks it to stop; what has ended stays as it ended. */
  stop(reason: string): void {
    this.#end("UserInitiated", reason);
    this.#stop.resolve();
  }

  async #run(): Promise<void> {
    const { region, taskRole: role } = this.definition;
    const network = this.#options.network({ region, id: this.id, role }, this.wish.groups);
    await wait(STEP_MS);
    this.#become("PENDING");
    try {
      if (this.isWanted) await this.#launchAll(network);
      await Promise.race([this.#stop.promise, ...this.#essential().map(({ exited }) => exited)]);
      this.#end("EssentialContainerExited", "Essential container in task exited");
    } catch (cause) {
      this.#end("TaskFailedToStart", (cause as Error).message);
    }
    this.#become("DEPROVISIONING");
    await Promise.all(this.containers.map((container) => this.#finish(container)));
    await network.close();
    this.stoppedAt = new Date();
    this.#become("STOPPED");
  }

  async #launchAll(network: TaskNetwork): Promise<void> {
    const directory = join(this.#options.directory, this.id);
    await mkdir(directory, { recursive: true });
    const ready = await Promise.all(
      this.containers.map(async (container) => ({
        container,
        launch: await this.#prepare(container, directory, network),
      })),
    );
    if (!this.isWanted) return;
    for (const { container, launch } of ready) container.process = new Container(launch);
    this.startedAt = new Date();
    this.#become("RUNNING");
  }

  async #prepare(container: ContainerState, directory: string, network: TaskNetwork) {
    const { spec } = container;
    const { log, guard } = this.#options;
    const { region } = this.definition;
    const override = this.wish.overrides.containerOverrides?.find(({ name }) => name === spec.name);
    const changed = (override?.environment ?? []).map(({ name, value }) => [name, value ?? ""]);
    const own = {
      ...spec.environment,
      ...Object.fromEntries(changed),
      ...(await this.#secrets(spec)),
    };
    const [name = "", ...args] = [...spec.entryPoint, ...(override?.command ?? spec.command)];
    try {
      return {
        program: programOf(name),
        args,
        environment: { ...own, ...(await network.environment(own)) },
        directory: await this.#workplace(directory, spec),
        logFile: join(directory, `${spec.name}.log`),
        guard,
        tell: (line: string) =>
          log.record({
            ...{ region, service: "ecs", operation: "Log" },
            detail: { task: this.id, container: spec.name, line },
          }),
      };
    } catch (cause) {
      container.reason = `CannotStartContainerError: ${(cause as Error).message}`;
      throw new Error(container.reason, { cause });
    }
  }

  /** A volume is one directory for all containers that mount it. */
  async #workplace(directory: string, { volume }: ContainerSpec): Promise<string> {
    const place = volume === undefined ? directory : join(directory, "volumes", volume);
    await mkdir(place, { recursive: true });
    return place;
  }

  async #secrets({ secrets }: ContainerSpec): Promise<Record<string, string>> {
    const { region, executionRole: role } = this.definition;
    const holder = { region, id: this.id, role };
    const read = secrets.map(async ({ name = "", valueFrom = "" }) => {
      const value = await this.#options.secret(holder, valueFrom).catch((cause: Error) => {
        throw new Error(`ResourceInitializationError: unable to pull secrets: ${cause.message}`);
      });
      return [name, value] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  }

  #essential(): Container[] {
    return this.containers.flatMap(({ spec, process }) =>
      process && spec.isEssential ? [process] : [],
    );
  }

  async #finish(container: ContainerState): Promise<void> {
    const { process, spec } = container;
    if (!process) return;
    await process.stop(this.#options.pace.ms(spec.stopTimeoutSeconds, STOP_FLOOR_MS));
    container.exitCode = await process.exited;
    if (process.reason !== undefined) container.reason = process.reason;
  }

  /** The first reason counts. */
  #end(code: StopCode, reason: string): void {
    this.isWanted = false;
    this.stopCode ??= code;
    this.stoppedReason ??= reason;
  }

  #become(status: Status): void {
    this.status = status;
    const { region } = this.definition;
    const reason = status === "STOPPED" ? { reason: this.stoppedReason } : {};
    const detail = { task: this.id, to: status, ...reason };
    this.#options.log.record({ region, service: "ecs", operation: "StatusChanged", detail });
  }
}
