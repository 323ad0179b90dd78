import {
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  type DBInstance,
  DeleteDBParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  ModifyDBParameterGroupCommand,
  paginateDescribeDBInstances,
  RDSClient,
} from "@aws-sdk/client-rds";
import { clientSettings, perRegion } from "../../../functions/aws/clients.ts";
import { answered, errorName } from "../../../functions/aws/cloud-errors.ts";
import { ec2Networks } from "../../../functions/aws/ec2-networks.ts";
import { rdsGroups } from "../../../functions/aws/rds-groups.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import type { Answer, Groups } from "./ports.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000, maxAttempts: 4 } as const;
const MOST_AT_ONCE = 20;

export function rdsMadeGroups(clock: Clock): Groups {
  const client = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, ...PATIENT })),
  );
  const groups = perRegion((region) => rdsGroups(clock, { region }));
  const networks = perRegion((region) => ec2Networks(clock, { region }));
  return {
    async parameters(region, name) {
      const found = await groups(region).parameters(region, name);
      if (!found) return undefined;
      const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name });
      const said = await answered(`describe ${name} of ${region}`, client(region).send(command));
      return { ...found, description: said.DBParameterGroups?.[0]?.Description ?? "" };
    },

    async makeParameters(region, name, { family, description }) {
      const command = new CreateDBParameterGroupCommand({
        DBParameterGroupName: name,
        DBParameterGroupFamily: family,
        Description: description,
      });
      await unless(
        "DBParameterGroupAlreadyExistsFault",
        answered(`make the parameter group ${name} in ${region}`, client(region).send(command)),
      );
    },

    async setParameters(region, name, values) {
      // Nothing runs with it yet, so that none needs more than the start that comes.
      const all = Object.entries(values).map(([ParameterName, ParameterValue]) => ({
        ...{ ParameterName, ParameterValue },
        ApplyMethod: "pending-reboot" as const,
      }));
      for (let from = 0; from < all.length; from += MOST_AT_ONCE) {
        const command = new ModifyDBParameterGroupCommand({
          DBParameterGroupName: name,
          Parameters: all.slice(from, from + MOST_AT_ONCE),
        });
        await answered(`set parameters of ${name} in ${region}`, client(region).send(command));
      }
    },

    ...subnetGroups(client),
    ...removals(client),

    security: (region, id) => networks(region).group(region, id),
  };
}

function subnetGroups(
  client: (region: string) => RDSClient,
): Pick<Groups, "subnets" | "makeSubnets"> {
  return {
    async subnets(region, name) {
      const command = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name });
      const asked = client(region).send(command);
      const said = await unless(
        "DBSubnetGroupNotFoundFault",
        answered(`describe the subnet group ${name} of ${region}`, asked),
      );
      return said && { description: said.DBSubnetGroups?.[0]?.DBSubnetGroupDescription ?? "" };
    },

    async makeSubnets(region, { name, description }, subnets) {
      const command = new CreateDBSubnetGroupCommand({
        DBSubnetGroupName: name,
        DBSubnetGroupDescription: description,
        SubnetIds: [...subnets],
      });
      await unless(
        "DBSubnetGroupAlreadyExistsFault",
        answered(`make the subnet group ${name} in ${region}`, client(region).send(command)),
      );
    },
  };
}

function removals(
  client: (region: string) => RDSClient,
): Pick<Groups, "users" | "removeParameters" | "removeSubnets"> {
  return {
    async users(region, kind, name) {
      const pages = paginateDescribeDBInstances({ client: client(region), pageSize: 100 }, {});
      const all = await answered(`list the databases of ${region}`, Array.fromAsync(pages));
      const found = all.flatMap(({ DBInstances = [] }) => DBInstances);
      return found
        .filter((each) => groupsOf(each)[kind].includes(name))
        .flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []);
    },

    removeParameters: (region, name) =>
      removed(
        `delete the parameter group ${name} in ${region}`,
        client(region).send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: name })),
      ),

    removeSubnets: (region, name) =>
      removed(
        `delete the subnet group ${name} in ${region}`,
        client(region).send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: name })),
      ),
  };
}

const groupsOf = ({ DBParameterGroups = [], DBSubnetGroup }: DBInstance) => ({
  parameters: DBParameterGroups.map(({ DBParameterGroupName }) => DBParameterGroupName),
  subnets: [DBSubnetGroup?.DBSubnetGroupName],
});

const GONE = ["DBParameterGroupNotFoundFault", "DBSubnetGroupNotFoundFault"];
const IN_USE = ["InvalidDBParameterGroupStateFault", "InvalidDBSubnetGroupStateFault"];

async function removed(doing: string, call: Promise<unknown>): Promise<Answer> {
  try {
    await answered(doing, call);
    return "accepted";
  } catch (cause) {
    const name = errorName(cause) ?? "";
    if (GONE.includes(name)) return "accepted";
    if (IN_USE.includes(name)) return "busy";
    throw cause;
  }
}

/** Undefined for this one answer. */
async function unless<T>(name: string, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (errorName(cause) === name) return undefined;
    throw cause;
  }
}
