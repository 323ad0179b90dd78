import { imagePlanOf } from "../sla/backups/images.ts";
import type { Site } from "../sla/fleet.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** A machine of a customer's that is started a second time has to be where it reaches nobody, and everywhere where its images lie. */
export function imageTestsPrepared({ instances, plans, sites = {} }: Draft): readonly Mistake[] {
  const tested = instances.flatMap(({ instance, doubtful }) => {
    if (["plan", "home", "standby", "copies", "machines"].some((key) => doubtful.has(key)))
      return [];
    const plan = plans[instance.plan];
    if (!plan?.imageTests || !imagePlanOf(plan.backups) || !instance.machines) return [];
    return [instance];
  });
  const places = new Map(
    tested.flatMap(({ id, home, standby, copies }) =>
      [home, ...(standby === undefined ? [] : [standby]), ...copies].map((region) => [region, id]),
    ),
  );
  return [
    ...Object.entries(sites).flatMap(([region, site]) => apart(region, site)),
    ...[...places].flatMap(([region, id]) =>
      sites[region] && !sites[region].imageTests
        ? [
            {
              path: ["sites", region, "imageTests"],
              message: `is missing: expected a subnet and a security group without any rule, as images of '${id}' are started for tests there (imageTests of its plan)`,
            },
          ]
        : [],
    ),
  ];
}

/** What production goes by lets somebody in or out. */
function apart(region: string, site: Site): Mistake[] {
  const { imageTests, subnets, securityGroup, quarantineGroup, gameDayGroup } = site;
  if (!imageTests) return [];
  const groups = Object.entries({ securityGroup, quarantineGroup, gameDayGroup });
  const other = groups.find(([, group]) => group === imageTests.securityGroup)?.[0];
  const path = ["sites", region, "imageTests"];
  return [
    ...(other === undefined
      ? []
      : [
          {
            path: [...path, "securityGroup"],
            message: `'${imageTests.securityGroup}' is its ${other} too: expected one of its own, without any rule, in or out`,
          },
        ]),
    ...(subnets.includes(imageTests.subnet)
      ? [
          {
            path: [...path, "subnet"],
            message: `'${imageTests.subnet}' is one of its subnets too, where databases are: expected one of its own`,
          },
        ]
      : []),
  ];
}
