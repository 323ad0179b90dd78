import {
  DescribeTasksCommand,
  ECSClient,
  type Failure,
  RunTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { FREEZE_CLUSTER, FREEZE_FAILED, FREEZE_TASK } from "../freeze/contract.ts";
import type { Environments, Tasks } from "../freeze/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

interface Network {
  readonly subnets: readonly string[];
  readonly group: string;
}

/** Freezing tasks of the region the function runs in. */
export function ecsTasks(clock: Clock, { subnets, group }: Network): Tasks {
  const client = new ECSClient(clientSettings(clock));
  const networkConfiguration = {
    awsvpcConfiguration: {
      ...{ subnets: [...subnets], securityGroups: [group] },
      assignPublicIp: "DISABLED" as const,
    },
  };
  return {
    async begin(token, family, environments) {
      const doing = `begin the task ${family}`;
      const { tasks = [], failures = [] } = await answered(
        doing,
        client.send(
          new RunTaskCommand({
            ...{ cluster: FREEZE_CLUSTER, taskDefinition: family, launchType: "FARGATE" },
            ...{ clientToken: token, startedBy: FREEZE_TASK, networkConfiguration },
            overrides: { containerOverrides: overridesOf(environments) },
          }),
        ),
      );
      const arn = tasks[0]?.taskArn;
      if (arn !== undefined) return arn;
      throw new SlaError(FREEZE_FAILED, "cloud", `${doing}: ${reasonsOf(failures)}`);
    },

    async look(arn) {
      const { tasks = [] } = await answered(
        `look at the task ${arn}`,
        client.send(new DescribeTasksCommand({ cluster: FREEZE_CLUSTER, tasks: [arn] })),
      );
      const [task] = tasks;
      if (!task) return { state: "gone" };
      if (task.lastStatus !== "STOPPED") return { state: "under-way" };
      return { state: "ended", reason: endOf(task) };
    },
  };
}

const overridesOf = (environments: Environments) =>
  Object.entries(environments).map(([name, variables]) => ({
    name,
    environment: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
  }));

const reasonsOf = (failures: readonly Failure[]) =>
  failures.map(({ reason = "", detail = "" }) => `${reason} ${detail}`.trim()).join("; ") ||
  "ECS began none and gave no reason";

const endOf = ({ stoppedReason = "it stopped", containers = [] }: Task) =>
  [
    stoppedReason,
    ...containers.map(({ name, exitCode, reason }) =>
      [`${name} ended with ${exitCode ?? "no code"}`, reason].filter(Boolean).join(", "),
    ),
  ].join("; ");
