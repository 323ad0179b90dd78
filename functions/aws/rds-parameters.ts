import {
  DescribeDBParameterGroupsCommand,
  paginateDescribeDBParameters,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { ParameterGroup } from "../../lib/sla/preparedness.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, thereOrNot } from "./cloud-errors.ts";

/** What somebody has set in a parameter group; undefined: it is not there. */
export async function parameterGroupIn(
  client: RDSClient,
  region: string,
  name: string,
): Promise<ParameterGroup | undefined> {
  const group = { DBParameterGroupName: name };
  const doing = `describe the parameter group ${name} of ${region}`;
  const asked = client.send(new DescribeDBParameterGroupsCommand(group));
  const said = await thereOrNot(doing, asked, "DBParameterGroupNotFoundFault");
  const family = said?.DBParameterGroups?.[0]?.DBParameterGroupFamily;
  if (family === undefined) return undefined;
  const from = { client, pageSize: 100 };
  const pages = paginateDescribeDBParameters(from, { ...group, Source: "user" });
  const all = await answered(`read the parameters of ${name}`, Array.fromAsync(pages));
  const values = all.flatMap(({ Parameters = [] }) =>
    Parameters.flatMap(({ ParameterName, ParameterValue }) =>
      ParameterName === undefined || ParameterValue === undefined
        ? []
        : [[ParameterName, ParameterValue] as const],
    ),
  );
  return { family, values: Object.fromEntries(values) };
}

/** Of any region, for a look that nobody waits for. */
export function rdsParameters(clock: Clock): {
  parameters(region: string, name: string): Promise<ParameterGroup | undefined>;
} {
  const clients = perRegion(
    (region) =>
      new RDSClient(clientSettings(clock, { region, answerSeconds: 20, answerFloorMs: 5000 })),
  );
  return { parameters: (region, name) => parameterGroupIn(clients(region), region, name) };
}
