import { expect, it, vi } from "vitest";
import { HOME, World } from "../fakes/failover-world.ts";
import { reprotect } from "../fakes/reprotect.ts";

// Zurich, where the scenarios live, serves no function URLs: here it does.
vi.mock("../../lib/sla/regions.ts", async (original) => ({
  ...(await original<typeof import("../../lib/sla/regions.ts")>()),
  hasFunctionUrls: () => true,
}));

it("gives PRIMARY the check of its new direction, and leaves a neighbour's alone", async () => {
  const world = new World();
  await world.failover();
  const isNeighbours = ({ name }: { readonly name: string }) => name.includes("birch");
  const before = world.signpost.zone.filter(isNeighbours);
  expect(before).toHaveLength(4);
  world.stopChecks = {
    named: async (reference) => (reference.endsWith(HOME) ? [{ reference, id: "check-back" }] : []),
    seen: async () => [{ at: "2026-11-21T10:00:00.000Z", raised: false }],
  };
  expect(await reprotect(world)).toMatchObject({ status: "done" });
  expect(world.signpost.zone.filter(isNeighbours)).toEqual(before);
  const checks = world.signpost.zone.flatMap(({ failover }) => failover?.healthCheck ?? []);
  expect(checks.filter((each) => each === "check-back")).toHaveLength(2);
});
