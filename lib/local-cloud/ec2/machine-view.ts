import type { Instance, InstanceStatus } from "@aws-sdk/client-ec2";
import type { Machine } from "./machines.ts";
import { tagList } from "./tag-set.ts";

export const machineView = ({ id, state, tags, launchedFrom }: Machine): Instance => ({
  ...{ InstanceId: id, ImageId: launchedFrom, State: { Name: state }, Tags: tagList(tags) },
});

/** The system beneath a machine is always well here. */
export const statusView = ({ id, state, health }: Machine): InstanceStatus => ({
  ...{ InstanceId: id, InstanceState: { Name: state } },
  SystemStatus: { Status: health === "initializing" ? health : "ok" },
  InstanceStatus: { Status: health },
});
