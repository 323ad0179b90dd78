import { lowerCamel } from "../../states/words.ts";
import { type Creation, type Creator, nameOf } from "../creation.ts";
import { AssemblyRefused, messageOf } from "../refusal.ts";
import { takeOn } from "../taking-roles.ts";

const cluster: Creator = (creation) => {
  const name = nameOf(creation, "ClusterName");
  return {
    ref: name,
    attributes: { Arn: creation.targets.ecs.createCluster(creation.region, name) },
  };
};

const definition: Creator = (creation) => {
  const { properties, region, targets } = creation;
  const family = nameOf(creation, "Family").replace(/[^\w-]/g, "");
  for (const which of ["TaskRoleArn", "ExecutionRoleArn"]) {
    const role = properties[which];
    const holder = { service: "ecs-tasks.amazonaws.com", arn: clusterless(creation) };
    if (role !== undefined) takeOn(creation, String(role), holder);
  }
  try {
    // The template's words are those of the API, begun in upper case.
    const input = lowerCamel({ ...properties, Family: family });
    const arn = targets.ecs.register(region, input as never);
    return { ref: arn, attributes: { TaskDefinitionArn: arn } };
  } catch (cause) {
    throw new AssemblyRefused(messageOf(cause));
  }
};

/** A task's ARN begins so; AWS knows no more of it when it takes the role on. */
const clusterless = ({ region, account }: Creation) => `arn:aws:ecs:${region}:${account}:*`;

export const CONTAINERS = {
  "AWS::ECS::Cluster": cluster,
  "AWS::ECS::TaskDefinition": definition,
} satisfies Record<string, Creator>;
