import { expect, test } from "vitest";
import { secretsAlike } from "../../../lib/fleet/secrets.ts";
import { ofSize } from "../infra/fleet.ts";

const draftOf = (secret: (index: number) => string) => {
  const { instances, ...fleet } = ofSize(100);
  const entries = instances.map((instance, index) => ({
    ...{ index, doubtful: new Set<string>() },
    instance: { ...instance, database: { ...instance.database, secret: secret(index) } },
  }));
  return { ...fleet, topKeys: [], planNames: Object.keys(fleet.plans), instances: entries };
};

test("a hundred secrets that end alike, or lie in one folder, are a fleet", () => {
  expect(secretsAlike(draftOf((n) => `db-${n}/sla`))).toEqual([]);
  expect(secretsAlike(draftOf((n) => `sla/db-${n}`))).toEqual([]);
});

test("of a hundred that have nothing in common the first one too many is told", () => {
  const [mistake, ...others] = secretsAlike(draftOf((n) => `secret-${n}`));
  expect(others).toEqual([]);
  expect(mistake?.path).toEqual(["instances", expect.any(Number), "database", "secret"]);
  expect(mistake?.message).toMatch(/'secret-\d+' is one name too many .* like .*\/sla/);
});
