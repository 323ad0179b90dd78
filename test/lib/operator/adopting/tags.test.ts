import { expect, it } from "vitest";
import { adoptAll } from "../../../../lib/operator/adopting/adopt.ts";
import { adoptSteps } from "../../../../lib/operator/adopting/steps.ts";
import { undoSteps } from "../../../../lib/operator/adopting/undo-steps.ts";
import type { WalkReport } from "../../../../lib/operator/adopting/walk.ts";
import { KEPT_TAGS, STANDBY_TAGS } from "../../../../lib/sla/database-tags.ts";
import { promotedRoles } from "../../../../lib/sla/roles.ts";
import { fleetOf, instance } from "../../../fakes/fleet.ts";
import { LivingAccount, MASTER } from "../../../fakes/living-account.ts";

async function walked(world: LivingAccount, { dryRun = false, undo = false } = {}) {
  const { fleet } = world;
  const [first] = await adoptAll({
    ...{ fleet, instances: fleet.instances, world, dryRun, tell: () => undefined },
    wish: { readsRows: true, masters: { postgres: MASTER } },
    steps: undo ? undoSteps : () => adoptSteps(() => "a-password-of-chance"),
  });
  return { first: first as WalkReport };
}

async function adopted(world: LivingAccount) {
  await walked(world);
  world.deploy();
  return walked(world);
}

const stepOf = ({ steps }: WalkReport, name: string) => steps.find(({ step }) => step === name);

it("says of databases that were there before that they are kept, wherever the roles have led", async () => {
  const world = new LivingAccount(fleetOf([instance("acme")]));
  await adopted(world);
  const tags = (spot: string) => world.made.get(spot)?.look.tags;
  expect(tags("eu-central-2/acme-db")).toMatchObject(KEPT_TAGS);
  expect(tags("eu-central-2/acme-db")).not.toHaveProperty("sla:standby");
  expect(tags("eu-central-1/acme-db-standby")).toMatchObject(STANDBY_TAGS);
  for (const { look } of world.made.values()) Object.assign(look, { tags: {} });
  const roles = world.known.get("acme");
  if (roles) world.known.set("acme", promotedRoles(roles, "eu-west-1", roles.since, "fo-1"));
  const dry = await walked(world, { dryRun: true });
  expect(stepOf(dry.first, "tags")).toMatchObject({
    is: "would",
    says: "tag acme-db-standby: sla:kept; acme-db: sla:kept",
  });
  await walked(world);
  expect(tags("eu-central-2/acme-db")).toEqual(KEPT_TAGS);
  expect(tags("eu-central-1/acme-db-standby")).toEqual(KEPT_TAGS);
});

it("never says of what follows somebody else that it may be deleted", async () => {
  const world = new LivingAccount(fleetOf([instance("acme")]));
  await adopted(world);
  const standby = world.made.get("eu-central-1/acme-db-standby");
  if (standby) standby.look = { ...standby.look, tags: {}, replicaOf: "arn:somebody" };
  await walked(world);
  expect(standby?.look.tags).toEqual({});
});

it("takes them off again with the rest", async () => {
  const world = new LivingAccount(fleetOf([instance("acme")]));
  await adopted(world);
  world.leave("acme");
  await walked(world, { undo: true });
  expect(world.made.get("eu-central-2/acme-db")?.look.tags).toEqual({});
});
