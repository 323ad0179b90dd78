import * as rds from "@aws-sdk/client-rds";
import { afterAll, expect, it, vi } from "vitest";
import { rdsRegistry } from "../../../functions/aws/rds-registry.ts";
import { rdsTags } from "../../../functions/aws/rds-tags.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const TagList = [{ Key: "sla:kept", Value: "true" }];
const PAGES: Readonly<Record<string, object>> = {
  first: {
    DBInstances: [{ DBInstanceIdentifier: "acme-db", DBInstanceStatus: "available", TagList }],
    Marker: "second",
  },
  second: { DBInstances: [{ DBInstanceIdentifier: "payroll" }] },
};
const cloud = await running([
  {
    name: "rds",
    client: rds,
    operations: {
      DescribeDBInstances: async ({ Marker = "first" }: { readonly Marker?: string }) =>
        PAGES[Marker] ?? {},
    },
  },
]);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});
const clock = clockFrom({ SLA_PACE: "60" });

it("tags of databases are read page by page, and of one that has none there are none", async () => {
  const tags = await rdsTags(clock, { region: "eu-central-2" }).tags();
  expect([...tags]).toEqual([
    ["acme-db", { "sla:kept": "true" }],
    ["payroll", {}],
  ]);
  const seat = { region: "eu-central-2", database: "acme-db" };
  expect(await rdsRegistry(clock).describe(seat)).toMatchObject({ tags: { "sla:kept": "true" } });
});
