import { hasFunctionUrls } from "../sla/regions.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** Customers who may download by themselves need somebody who says who they are, and something to download. */
export const customerRules = [issuerKnown, linksLeadSomewhere] as const;

function issuerKnown({ topKeys, instances }: Draft): readonly Mistake[] {
  if (topKeys.includes("customers")) return [];
  return instances.flatMap(({ index, instance: { customers }, doubtful }) => {
    if (!customers || doubtful.has("customers")) return [];
    const path = ["instances", index, "customers"];
    const message = `nobody says who '${customers[0]}' is: add customers: with issuer: and audience: to the fleet, or leave it out`;
    return [{ path, message }];
  });
}

function linksLeadSomewhere({ topKeys, customers, frozen }: Draft): readonly Mistake[] {
  if (!customers) return [];
  if (!topKeys.includes("frozen")) {
    const message =
      "there is nothing to download: customers get links to frozen copies, so add frozen: or leave it out";
    return [{ path: ["customers"], message }];
  }
  if (!frozen || hasFunctionUrls(frozen.region)) return [];
  const message = `'${frozen.region}' answers no links, as Lambda serves no URLs there: choose another, or leave customers: out`;
  return [{ path: ["frozen", "region"], message }];
}
