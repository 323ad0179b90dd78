import { clustersFit } from "../sla/cluster-names.ts";
import { traitsOf } from "../sla/engine.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** Policies hold the names of some forty Aurora global databases, or a hundred clusters of one region. */
export function clustersNamed({ instances }: Draft): readonly Mistake[] {
  const sound = instances.filter(
    ({ instance, doubtful }) =>
      !doubtful.has("database") && traitsOf(instance.database.engine).isCluster,
  );
  const tooMany = sound.find(
    (_, at) => !clustersFit({ instances: sound.slice(0, at + 1).map(({ instance }) => instance) }),
  );
  if (!tooMany) return [];
  const { primary } = tooMany.instance.database;
  return [
    {
      path: ["instances", tooMany.index, "database", "primary"],
      message: `'${primary}' is one cluster too many for the policies of IAM, which name each: expected fewer clusters, or shorter names; what is beyond that needs a fleet in another account`,
    },
  ];
}
