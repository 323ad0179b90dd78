import { expect, it } from "vitest";
import { KEPT_TAGS } from "../../lib/sla/database-tags.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { CONTROL } from "../fakes/failover-world.ts";
import { byPerson, drop, filledWorld } from "../fakes/filled-primary.ts";

const TRIGGERS = [
  ["the watch", {}],
  ["a person", byPerson()],
] as const;

it.each(TRIGGERS)(
  "a standby without its tag is not given up, whoever wants it (%s), and people get the command",
  async (_who, request) => {
    const world = filledWorld();
    world.standby.tags = KEPT_TAGS;
    const run = await drop(world, request);
    expect(run.output).toMatchObject({ Error: "HaltUntagged" });
    expect(world.databases.changes).toEqual([]);
    const roles = world.ledgers.at(CONTROL).peek<Roles>("roles/acme.json");
    expect(roles).toMatchObject({ epoch: 1, standby: { database: "acme-db-standby" } });
    const lines = world.notices.find(({ kind }) => kind === "reprotect-halted")?.lines.join("\n");
    expect(lines).toContain("acme-db-standby: it has no tag sla:standby");
    expect(lines).toContain("npx sla adopt acme");
  },
);

it("one that loses it after the roles were written is not deleted either", async () => {
  const world = filledWorld();
  world.before = (step) => {
    if (step === "drop-delete") world.standby.tags = {};
  };
  expect((await drop(world)).output).toMatchObject({ Error: "HaltUntagged" });
  expect(world.databases.changes).toEqual([]);
});

it("what is built in its place has it from the beginning", async () => {
  const world = filledWorld();
  await drop(world);
  expect(world.databases.orders).toMatchObject([
    { tags: { "sla:kept": "true", "sla:standby": "true" } },
  ]);
});
