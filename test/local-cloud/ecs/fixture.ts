import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerDefinition, RunTaskRequest, Task } from "@aws-sdk/client-ecs";
import { onTestFinished } from "vitest";
import { ecsService } from "../../../lib/local-cloud/ecs/service.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";

export const REGION = "eu-central-1";

/** ECS with a cluster `c`; its tasks see the machine's programs and nothing of a network. */
export function world() {
  const log = new EventLog();
  const directory = mkdtempSync(join(tmpdir(), "ecs-test-"));
  const ecs = ecsService({
    log,
    pace: new Pace(60),
    account: "111111111111",
    directory,
    network: ({ region }) => ({
      environment: async () => ({ PATH: process.env["PATH"] ?? "", AWS_REGION: region }),
      close: async () => {},
    }),
    secret: async (_region, valueFrom) => {
      if (valueFrom === "known") return "s3cret";
      throw new Error(`${valueFrom} is not known`);
    },
  });
  ecs.createCluster(REGION, "c");
  onTestFinished(async () => {
    await ecs.close();
    await rm(directory, { recursive: true });
  });
  const register = (...containerDefinitions: Partial<ContainerDefinition>[]) =>
    ecs.register(REGION, {
      family: "f",
      containerDefinitions: containerDefinitions.map((one) => ({
        name: "main",
        image: "postgres:15",
        ...one,
      })),
    });
  const call = async (operation: string, input: object) =>
    ecs.definition.operations[operation]?.(input, { region: REGION, requestId: "test" });
  const begin = (rest: Partial<RunTaskRequest> = {}) =>
    ecs.run(REGION, { cluster: "c", taskDefinition: "f", ...rest });
  return {
    ecs,
    log,
    register,
    call,
    begin,
    /** Runs one container to its end. */
    async run(container: Partial<ContainerDefinition>, rest: Partial<RunTaskRequest> = {}) {
      register(container);
      return begin(rest).ended;
    },
    logOf(task: Task, container = "main"): string {
      const file = join(directory, task.taskArn?.split("/").at(-1) ?? "", `${container}.log`);
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    },
  };
}

export const shell = (...lines: string[]) => ["sh", "-c", lines.join("\n")];
