import type { Site } from "../sla/fleet.ts";
import type { Draft, Entry } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** Whose primary may be cut off needs somebody to take over, without a person, and a group in both regions that lets nobody in. */
export function gameDaysPrepared({ instances, sites = {} }: Draft): readonly Mistake[] {
  const chosen = instances.filter(({ instance, doubtful }) => instance.gameDay && !doubtful.size);
  return [...groupsApart(sites), ...chosen.flatMap((entry) => prepared(entry, sites))];
}

function prepared({ index, instance }: Entry, sites: Readonly<Record<string, Site>>): Mistake[] {
  const { home, standby, failover, destination } = instance;
  const path = ["instances", index, "gameDay"];
  const say = (message: string) => [{ path, message }];
  if (standby === undefined)
    return say("nobody takes over: expected standby: as well, or leave it out");
  if (failover !== "automatic") {
    return say(
      `failover is '${failover}', so nothing recovers by itself: expected automatic, or leave it out`,
    );
  }
  if (destination || instance.customers) {
    const whose = destination ? "destination" : "customers";
    return say(`it has ${whose}:, so it is a customer's: expected an instance of your own`);
  }
  const lacking = [home, standby].filter(
    (region) => sites[region] && sites[region].gameDayGroup === undefined,
  );
  return lacking.map((region) => ({
    path: ["sites", region, "gameDayGroup"],
    message: `is missing: expected a security group without any inbound rule, as '${instance.id}' has gameDay:`,
  }));
}

/** The one admits clients, the other the functions that fence: neither cuts anybody off. */
function groupsApart(sites: Readonly<Record<string, Site>>): Mistake[] {
  return Object.entries(sites).flatMap(([region, site]) => {
    const { gameDayGroup: group, securityGroup, quarantineGroup } = site;
    if (group === undefined || (group !== securityGroup && group !== quarantineGroup)) return [];
    const other = group === securityGroup ? "securityGroup" : "quarantineGroup";
    return [
      {
        path: ["sites", region, "gameDayGroup"],
        message: `'${group}' is its ${other} too: expected one of its own, without any inbound rule`,
      },
    ];
  });
}
