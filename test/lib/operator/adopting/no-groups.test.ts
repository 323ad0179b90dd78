import { expect, it } from "vitest";
import { adoptAll } from "../../../../lib/operator/adopting/adopt.ts";
import type { Step } from "../../../../lib/operator/adopting/step.ts";
import { adoptSteps } from "../../../../lib/operator/adopting/steps.ts";
import { undoSteps } from "../../../../lib/operator/adopting/undo-steps.ts";
import type { Instance } from "../../../../lib/sla/fleet.ts";
import { fleetOf, instance } from "../../../fakes/fleet.ts";
import { LivingAccount, MASTER } from "../../../fakes/living-account.ts";

const COPIES = { copies: ["eu-central-1", "eu-west-1"] };
const FLEET = fleetOf([instance("acme", COPIES), instance("birch", COPIES)]);
const GROUPS = ["eu-central-1/odoo-15", "eu-west-1/odoo-15"];

/** Adopted; the home has a parameter group of its own. */
async function kept({ isDeployed = true } = {}) {
  const world = new LivingAccount(FLEET);
  const walked = async (instances: readonly Instance[], steps: () => readonly Step[]) =>
    adoptAll({
      ...{ fleet: FLEET, instances, world, steps, dryRun: false, tell: () => undefined },
      wish: { readsRows: true, masters: { postgres: MASTER } },
    });
  await walked(FLEET.instances, () => adoptSteps(() => "x"));
  if (isDeployed) world.deploy();
  const undo = async (...ids: readonly string[]) => {
    const those = FLEET.instances.filter(({ id }) => ids.includes(id));
    const reports = await walked(those, undoSteps);
    return reports.map(({ steps }) => steps.find(({ step }) => step === "groups"));
  };
  const groups = () => [...world.parameterGroups.keys(), ...world.subnetGroups.keys()].toSorted();
  return { world, undo, groups };
}

it.each([true, false])(
  "stay while another needs them (deployed: %s), who is named, and go with the last",
  async (isDeployed) => {
    const { world, undo, groups } = await kept({ isDeployed });
    if (isDeployed) world.leave("acme");
    const [first] = await undo("acme");
    expect(first).toMatchObject({ is: "done", says: "needed by others" });
    expect(first?.needs?.map(({ says }) => says)).toEqual([
      "odoo-15 in eu-central-1 stays: birch-db-standby is in it",
      "odoo-15 in eu-west-1 stays: birch could come to live there",
      "sla-standbys in eu-central-1 stays: birch-db-standby is in it",
    ]);
    expect(groups()).toEqual(
      expect.arrayContaining([...GROUPS, "eu-central-1/sla-standbys", "eu-central-2/odoo-15"]),
    );
    if (isDeployed) world.leave("birch");
    await undo("birch");
    expect(groups()).toEqual(["eu-central-2/odoo-15"]);
    const [again] = await undo("birch");
    expect(again).toMatchObject({ is: "done", says: "none are left that were made here" });
  },
);

it("go when all are taken back at once", async () => {
  const { world, undo, groups } = await kept();
  for (const { id } of FLEET.instances) world.leave(id);
  await undo("acme", "birch");
  expect(groups()).toEqual(["eu-central-2/odoo-15"]);
});

it("are left alone where somebody else has made them, whoever is in them", async () => {
  const { world, undo, groups } = await kept();
  for (const key of GROUPS) {
    const found = world.parameterGroups.get(key);
    if (found) world.parameterGroups.set(key, { ...found, description: "by hand" });
  }
  world.subnetGroups.set("eu-central-1/sla-standbys", "by hand");
  for (const { id } of FLEET.instances) world.leave(id);
  await undo("acme", "birch");
  expect(groups()).toHaveLength(4);
});
