import type { Engine } from "../engine.ts";
import { parameterFaults } from "../engine-parameters.ts";
import type { ParameterGroup } from "../preparedness.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** The parameter group of a database, as RDS has it. */
export interface GroupLook extends ParameterGroup {
  readonly region: string;
  readonly name: string;
}

/** What in the parameter groups of an instance a standby, a crash or a client cannot live with. */
export function judgeParameters(
  about: string,
  engine: Engine,
  groups: readonly GroupLook[],
): readonly Finding[] {
  const say = findingsOf({ area: "parameters", about });
  return groups.flatMap((group) => {
    const { region, name } = group;
    return parameterFaults(engine, group).map(({ name: parameter, weight, says, wants }) =>
      say[weight]({
        of: `${parameter} of ${name} in ${region}`,
        says: `${name} of ${region}: ${says}`,
        mend: name.startsWith("default.")
          ? "a parameter group of your own: nobody can set that in RDS's"
          : `aws --region ${region} rds modify-db-parameter-group --db-parameter-group-name ${name} --parameters "ParameterName=${parameter},ParameterValue=${wants},ApplyMethod=pending-reboot"`,
      }),
    );
  });
}
