import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import {
  DEBTS_FUNCTION,
  FAILOVER_FUNCTIONS,
  RECORDS_FUNCTION,
} from "../../../functions/failover/contract.ts";
import { BUILD_FUNCTION, DROP_FUNCTION } from "../../../functions/failover/reprotect-contract.ts";
import type { Fleet, Instance } from "../../../lib/sla/fleet.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, policiesOf, templates } from "./templates.ts";

const REGION = "eu-central-1";

const asCluster = (instance: Instance): Instance => ({
  ...instance,
  database: {
    ...instance.database,
    ...{ engine: "aurora-postgresql", global: `${instance.id}-global` },
  },
});

function siteOf(instances: readonly Instance[]): Template {
  const changed: Fleet = { ...fleet, instances };
  const stacks = appOf(changed).node.children.filter((child) => child instanceof Stack);
  return Template.fromStack(
    stacks.find(({ stackName }) => stackName.endsWith(REGION)) ?? new Stack(),
  );
}

const site = siteOf(fleet.instances.map((each) => (each.id === "birch" ? asCluster(each) : each)));

/** What a function may do with clusters, and with which. */
const withClusters = (holder: string) =>
  (grantsByHolder(site).get(holder) ?? [])
    .filter(({ action }) => /Cluster/.test(action))
    .map(({ action, resources }) => [
      action,
      resources.map((arn) => arn.split(":").slice(5).join(":")).toSorted(),
    ]);

const LISTS = [
  ["rds:DescribeDBClusters", ["cluster:*", "cluster:*", "cluster:*"]],
  ["rds:DescribeGlobalClusters", ["global-cluster:*"]],
];
const ITS = ["cluster:birch-db", "cluster:birch-db-standby"];

it.each([
  ["sla-watch", LISTS],
  ["sla-beat", LISTS],
  [FAILOVER_FUNCTIONS.assess, LISTS],
  [RECORDS_FUNCTION, LISTS],
  [
    FAILOVER_FUNCTIONS.fence,
    [...LISTS, ["rds:FailoverDBCluster", ITS], ["rds:ModifyDBCluster", ITS]],
  ],
  [DEBTS_FUNCTION, [...LISTS, ["rds:FailoverDBCluster", ITS], ["rds:ModifyDBCluster", ITS]]],
  [
    FAILOVER_FUNCTIONS.promote,
    [
      ...LISTS,
      ["rds:FailoverGlobalCluster", [...ITS, "global-cluster:birch-global"]],
      ["rds:SwitchoverGlobalCluster", [...ITS, "global-cluster:birch-global"]],
    ],
  ],
  [BUILD_FUNCTION, [...LISTS, ["rds:ModifyDBCluster", ITS]]],
  [DROP_FUNCTION, []],
  [FAILOVER_FUNCTIONS.flip, []],
  [FAILOVER_FUNCTIONS.record, []],
])("%s may do with clusters what its step needs", (holder, expected) => {
  const byAction = (a: readonly unknown[], b: readonly unknown[]) =>
    String(a[0]).localeCompare(String(b[0]));
  expect(withClusters(holder).toSorted(byAction)).toEqual(expected.toSorted(byAction));
});

/** Without its standby and its global database. */
const asRegional = ({ standby: _, ...each }: Instance): Instance => {
  const { standby: _none, ...database } = each.database;
  return { ...each, database: { ...database, engine: "aurora-postgresql" } };
};

it("may ask for another writer of a cluster of one region, and change nothing else of it", () => {
  const one = siteOf(
    fleet.instances.map((each) => (each.id === "birch" ? asRegional(each) : each)),
  );
  const changes = [...grantsByHolder(one)].flatMap(([holder, grants]) =>
    grants
      .filter(({ action }) => /Cluster/.test(action) && !action.startsWith("ecs:"))
      .filter(({ action }) => action !== "rds:DescribeDBClusters")
      .map(({ action, resources }) => [holder, action, resources]),
  );
  const arn = "arn:aws:rds:eu-central-2:111111111111:cluster:birch-db";
  expect(changes).toEqual([[FAILOVER_FUNCTIONS.promote, "rds:FailoverDBCluster", [arn]]]);
});

it("lets nobody touch an instance of the name of a cluster", () => {
  const all = [...grantsByHolder(site).values()].flat().flatMap(({ resources }) => resources);
  expect(all.filter((arn) => /:db:birch-db/.test(arn))).toEqual([]);
});

it("knows nothing of clusters in a fleet that has none", () => {
  const actions = [...templates.values()].flatMap((template) =>
    [...grantsByHolder(template).values()].flat().map(({ action }) => action),
  );
  expect(actions.filter((action) => /Cluster/.test(action) && action.startsWith("rds:"))).toEqual(
    [],
  );
});

it("is deployed for a fleet of clusters only", () => {
  const only = siteOf(
    fleet.instances.flatMap((each) => (each.standby === undefined ? [] : [asCluster(each)])),
  );
  expect(grantsByHolder(only).get(FAILOVER_FUNCTIONS.promote)).toBeDefined();
});

/** IAM counts all policies of a role together. */
const ROLE_CHARACTERS = 10_240;

it.each([
  ["a few instances", 4],
  ["instances that are told by tags", 30],
])("fits into every role with as many as a fleet file may have, beside %s", (_what, instances) => {
  const copies = (from: Instance | undefined, name: string, count: number) =>
    Array.from({ length: count }, (_, n): Instance[] => {
      const id = `${name}-${n}`;
      if (!from) return [];
      const { database } = from;
      const names = { primary: `${id}-db`, standby: `${id}-db-standby` };
      return [{ ...from, id, database: { ...database, ...names } }];
    }).flat();
  const birch = fleet.instances.find(({ id }) => id === "birch");
  const clusters = copies(birch, "customer-with-clusters", 20).map(asCluster);
  const full = siteOf([...copies(birch, "customer", instances), ...clusters]);
  const sizes = new Map<string, number>();
  for (const { roles, statements } of policiesOf(full)) {
    for (const role of roles) {
      sizes.set(role, (sizes.get(role) ?? 0) + JSON.stringify(statements).length);
    }
  }
  const largest = [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, 3);
  expect(largest.filter(([, size]) => size > ROLE_CHARACTERS)).toEqual([]);
});
