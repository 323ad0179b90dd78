import type { Engine } from "../engine.ts";
import { parameterFaults, parameterMend } from "../engine-parameters.ts";
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
    return parameterFaults(engine, group).map((fault) =>
      say[fault.weight]({
        of: `${fault.name} of ${name} in ${region}`,
        says: `${name} of ${region}: ${fault.says}`,
        mend: name.startsWith("default.")
          ? "a parameter group of your own: nobody can set that in RDS's"
          : parameterMend(region, name, fault),
      }),
    );
  });
}
