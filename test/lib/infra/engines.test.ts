import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { BUILD_FUNCTION } from "../../../functions/failover/reprotect-contract.ts";
import { LIVE_FUNCTION } from "../../../functions/live/contract.ts";
import { PREPARED_FUNCTION } from "../../../functions/prepared/contract.ts";
import { RECOVER_FUNCTION } from "../../../functions/recover/contract.ts";
import { RESTORE_FUNCTION } from "../../../functions/restore/contract.ts";
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

it.each([
  ["for a test", RESTORE_FUNCTION],
  ["for good", RECOVER_FUNCTION],
])("lets backups be restored %s with the parameter group of either engine", (_, name) => {
  const restores = (grantsByHolder(site).get(name) ?? []).filter(
    ({ action }) => action === "rds:RestoreDBInstanceFromDBSnapshot",
  );
  const resources = restores.flatMap((grant) => grant.resources).join("\n");
  expect(resources).toMatch(/eu-central-1:111111111111:pg:odoo-15/);
  expect(resources).toMatch(/eu-central-1:111111111111:pg:shops-10-11/);
});

it("lets whoever looks what is prepared see the parameter groups of both, in every site", () => {
  const sees = (grantsByHolder(site).get(PREPARED_FUNCTION) ?? []).filter(
    ({ action }) => action === "rds:DescribeDBParameters",
  );
  const group = (region: string, name: string) => `arn:aws:rds:${region}:111111111111:pg:${name}`;
  const regions = Object.keys(fleet.sites);
  expect(sees.flatMap(({ resources }) => resources).toSorted()).toEqual(
    regions.flatMap((each) => [group(each, "odoo-15"), group(each, "shops-10-11")]).toSorted(),
  );
});

it("lets the daily look see parameters where such databases are, and nowhere else", () => {
  const control = (of: Fleet) => {
    const all = appOf(of).node.children.filter((child) => child instanceof Stack);
    const grants = all
      .filter(({ stackName }) => stackName.endsWith(of.control))
      .flatMap((stack) => grantsByHolder(Template.fromStack(stack)).get(LIVE_FUNCTION) ?? []);
    expect(grants.length).toBeGreaterThan(0);
    return grants.filter(({ action }) => action === "rds:DescribeDBParameters");
  };
  expect(control(mixed).flatMap(({ resources }) => resources)).toContain(
    "arn:aws:rds:eu-central-1:111111111111:pg:*",
  );
  expect(control(fleet)).toEqual([]);
});
