import { expect, it } from "vitest";
import { imageTestPromises } from "../../../lib/sla/image-test-promises.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const MACHINES = { "eu-central-2": "Name=acme" };
const sold = (plan: object, machines: typeof MACHINES | undefined = MACHINES) => {
  const acme = instance("acme", { ...(machines && { machines }) });
  return {
    fleet: fleetOf([acme]),
    instance: acme,
    plan: { ...PRESETS["binhex"], ...plan } as never,
  };
};
const imageTests = { every: "2w" };

it.each([
  [{}, []],
  [{ imageTests }, [{ status: "kept", promised: "every 2w", achievable: "every 2w" }]],
  [
    { imageTests, backups: undefined },
    [{ status: "broken", change: expect.stringContaining("sell images as well") }],
  ],
])("tests of images of a plan with %j", (plan, found) => {
  expect(imageTestPromises(sold(plan))).toMatchObject(found);
});

it("are not covered where nobody says which machine it is", () => {
  const acme = sold({ imageTests });
  const { machines: _, ...nameless } = acme.instance;
  expect(imageTestPromises({ ...acme, instance: nameless })).toMatchObject([
    { status: "not-yet-covered", where: { path: ["machines"] } },
  ]);
});
