import type { RunTaskRequest } from "@aws-sdk/client-ecs";
import type { RunningTasks } from "../ecs/service.ts";
import type { Caller } from "../iam/principals.ts";

/** Container tasks as a state machine runs them, in its role's name. */
export interface Tasks {
  /** @throws AwsError */
  run(region: string, input: RunTaskRequest, by: Caller): RunningTasks;
}
