import { expect, it } from "vitest";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { restoreTestPromises } from "../../../lib/sla/restore-test-promises.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const acme = instance("acme");
const sold = (plan: object) => {
  const { cloudworkz } = PRESETS;
  return { fleet: fleetOf([acme]), instance: acme, plan: { ...cloudworkz, ...plan } as never };
};

it.each([
  [{}, [{ status: "kept", promised: "unstated", achievable: "every 1mo" }]],
  [
    { restoreTests: { every: "2w" } },
    [{ status: "kept", promised: "every 2w", achievable: "every 2w" }],
  ],
  [{ restoreTests: undefined }, []],
  [{ backups: undefined }, [{ status: "broken", change: expect.stringContaining("backups") }]],
])("restore tests of a plan with %j", (plan, found) => {
  expect(restoreTestPromises(sold(plan))).toMatchObject(found);
});
