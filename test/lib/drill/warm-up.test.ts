import { expect, test } from "vitest";
import { environmentsOf } from "../../../lib/drill/warm-up.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";

const environments = environmentsOf(readFleet("examples/fleet.yaml"));

/** acme and birch live in Zurich and stand by in Frankfurt; cedar lives in Frankfurt; Ireland is control. */
test.each([
  ["the owner recovers", "eu-central-1", "sla-failover-promote", 1],
  ["a home recovers nothing", "eu-central-2", "sla-failover-promote", 0],
  ["control starts no failover", "eu-west-1", "sla-failover-promote", 0],
  ["watch is called every tick in every site", "eu-west-1", "sla-watch", 2],
  ["each owner probes from each vantage", "eu-south-1", "sla-probe", 2],
  ["two primaries are written to in Zurich", "eu-central-2", "sla-sql", 2],
  ["two standbys are read and a primary is written to in Frankfurt", "eu-central-1", "sla-sql", 3],
  ["no database is in Ireland", "eu-west-1", "sla-sql", 0],
  ["the deployment has used it already", "eu-central-1", "sla-ledger-publish", 0],
  ["debts are paid from every site", "eu-west-1", "sla-debts", 1],
  ["one of whatever else there is", "eu-central-1", "sla-notify", 1],
] as const)("%s", (_, region, name, count) => {
  expect(environments({ region, name })).toBe(count);
});
