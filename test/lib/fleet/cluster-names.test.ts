import { expect, test } from "vitest";
import { clustersNamed } from "../../../lib/fleet/cluster-names.ts";
import type { Draft } from "../../../lib/fleet/draft.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { ofSize } from "../infra/fleet.ts";

/** As many clusters of two regions, or of one. */
const draftOf = (count: number, kind: "global" | "regional"): Draft => {
  const fleet = ofSize(3 * count);
  const [like] = fleet.instances;
  if (!like) throw new Error("an instance");
  const { standby: _, ...alone } = like;
  const instances = Array.from({ length: count }, (__, index): Instance => {
    const id = `aurora-${index}`;
    const database = { primary: id, secret: `${id}/sla`, name: "postgres" };
    const engine = "aurora-postgresql" as const;
    return kind === "regional"
      ? { ...alone, id, database: { ...database, engine } }
      : { ...like, id, database: { ...database, standby: `${id}-2`, engine, global: `${id}-all` } };
  });
  const entries = instances.map((instance, index) => ({
    ...{ index: index + 5, instance },
    doubtful: new Set<string>(),
  }));
  return { ...fleet, topKeys: [], planNames: Object.keys(fleet.plans), instances: entries };
};

test("forty global databases are a fleet, and a hundred clusters of one region", () => {
  expect(clustersNamed(draftOf(37, "global"))).toEqual([]);
  expect(clustersNamed(draftOf(100, "regional"))).toEqual([]);
});

test("the first one too many is told, and where", () => {
  const [mistake, ...others] = clustersNamed(draftOf(60, "global"));
  expect(others).toEqual([]);
  expect(mistake?.path).toEqual(["instances", expect.any(Number), "database", "primary"]);
  expect(mistake?.message).toMatch(/'aurora-\d+' is one cluster too many .* fewer clusters/);
});
