import { CreateDBParameterGroupCommand } from "@aws-sdk/client-rds";
import { mariadbBinaries } from "../local-cloud/mariadb/binaries.ts";
import type { Engine } from "../sla/engine.ts";
import { type Fleet, parameterGroupOf } from "../sla/fleet.ts";
import { familyOf } from "../sla/parameter-family.ts";
import type { Aws } from "./aws.ts";

const POSTGRES_FAMILY = "postgres15";

/** Parameter groups of the engines that the fleet has, but for those that RDS makes by itself. */
export async function createParameterGroups(
  aws: Aws,
  { sites, instances }: Fleet,
  isUnadopted: boolean,
): Promise<void> {
  const homes = new Set(instances.map(({ home }) => home));
  const engines = new Set(instances.map(({ database }) => database.engine ?? "postgres"));
  const made = Object.entries(sites).flatMap(([region, site]) =>
    [...engines].map(async (engine) => {
      const name = parameterGroupOf(site, engine);
      if (name === undefined || isDefault(name) || (isUnadopted && !homes.has(region))) return;
      await aws.rds(region).send(
        new CreateDBParameterGroupCommand({
          DBParameterGroupName: name,
          DBParameterGroupFamily: await familyHere(engine),
          Description: "databases",
        }),
      );
    }),
  );
  await Promise.all(made);
}

const isDefault = (name: string) => name.startsWith("default.");

/** Of the version that the local cloud runs. */
async function familyHere(engine: Engine): Promise<string> {
  if (engine === "postgres") return POSTGRES_FAMILY;
  return familyOf((await mariadbBinaries())?.version ?? "", engine);
}
