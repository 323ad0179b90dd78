import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { BUILD_FUNCTION } from "../../../functions/failover/contract.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf } from "./templates.ts";

const sites = Object.fromEntries(
  Object.entries(fleet.sites).map(([region, site]) => [
    region,
    { ...site, parameterGroups: { mariadb: "shops-10-11" } },
  ]),
);
const mixed: Fleet = {
  ...fleet,
  sites,
  instances: fleet.instances.map((each) =>
    each.id === "birch" ? { ...each, database: { ...each.database, engine: "mariadb" } } : each,
  ),
};
const stacks = appOf(mixed).node.children.filter((child) => child instanceof Stack);
const site = Template.fromStack(
  stacks.find(({ stackName }) => stackName.endsWith("eu-central-1")) ?? new Stack(),
);

it("opens the ports of both engines to the sql functions, in service and in quarantine", () => {
  const into = resourcesOf(site, "AWS::EC2::SecurityGroupIngress").map(
    ({ Properties }) => `${Properties["GroupId"]} ${Properties["FromPort"]}`,
  );
  expect(into).toEqual(
    expect.arrayContaining(["sg-1 5432", "sg-1q 5432", "sg-1 3306", "sg-1q 3306"]),
  );
});

it("lets a new standby be made with the parameter group of either engine", () => {
  const makes = (grantsByHolder(site).get(BUILD_FUNCTION) ?? []).filter(
    ({ action }) => action === "rds:CreateDBInstanceReadReplica",
  );
  const resources = makes.flatMap((grant) => grant.resources).join("\n");
  expect(resources).toMatch(/eu-central-1:111111111111:pg:odoo-15/);
  expect(resources).toMatch(/eu-central-1:111111111111:pg:shops-10-11/);
});
