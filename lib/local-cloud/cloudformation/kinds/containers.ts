import { lowerCamel } from "../../states/words.ts";
import { type Creator, nameOf } from "../creation.ts";
import { AssemblyRefused, messageOf } from "../refusal.ts";

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
  try {
    // The template's words are those of the API, begun in upper case.
    const input = lowerCamel({ ...properties, Family: family });
    const arn = targets.ecs.register(region, input as never);
    return { ref: arn, attributes: { TaskDefinitionArn: arn } };
  } catch (cause) {
    throw new AssemblyRefused(messageOf(cause));
  }
};

export const CONTAINERS = {
  "AWS::ECS::Cluster": cluster,
  "AWS::ECS::TaskDefinition": definition,
} satisfies Record<string, Creator>;
