import type { Finding, Sold } from "./check.ts";
import { formatDuration } from "./duration.ts";
import type { Where } from "./promise-line.ts";
import { zoneOf } from "./region-zones.ts";
import type { Maintenance } from "./service-terms.ts";

type Remedy = Pick<Finding, "change" | "where">;

/**
 * Maintenance is announced by people, so it is kept if they do; what the machine does about it is left out of downtime only what was
 * announced in time, and mail whoever is named.
 */
export function maintenancePromises(sold: Sold): readonly Finding[] {
  const { maintenance } = sold.plan;
  if (!maintenance) return [];
  const remedy = remedyFor(sold, maintenance);
  return [
    {
      promise: "maintenance",
      status: "conditional",
      promised: promisedWords(maintenance),
      achievable: toldWords(sold, maintenance),
      covers: "application",
      restsOn: `if ${conditions(sold, maintenance).join("; ")}`,
      ...remedy,
    },
  ];
}

function promisedWords({ noticeHours, outsideBusinessHours, usually }: Maintenance): string {
  return [
    noticeHours === undefined ? "announced" : `announced ${noticeHours} h before`,
    ...(outsideBusinessHours ? ["outside business hours"] : []),
    ...(usually === undefined ? [] : [`about ${usually}`]),
  ].join(", ");
}

function toldWords({ fleet, instance: { contacts } }: Sold, { channels }: Maintenance): string {
  const feed = fleet.status ? ["status pages and feeds"] : [];
  const mailed = contacts.length === 1 ? "1 contact is mailed" : `${contacts.length} are mailed`;
  const told = [...(channels.includes("e-mail") ? [mailed] : []), ...feed];
  return told.join(", ") || "nobody is told";
}

function conditions({ instance, plan }: Sold, sold: Maintenance): readonly string[] {
  const { noticeHours, outsideBusinessHours, usuallyUnderSeconds, usually } = sold;
  const counts = plan.availability?.exclusions.includes("planned-maintenance") ?? false;
  const before = noticeHours === undefined ? "before it begins" : `${noticeHours} h before`;
  const zone = zoneOf(instance.home);
  return [
    `each window is announced by sla maintenance add ${before}: ${counts ? "else it is downtime" : "it is downtime all the same, planned-maintenance is no exclusion"}`,
    ...(outsideBusinessHours && zone !== undefined
      ? [`its warning of business hours (${zone}) is heeded`]
      : []),
    ...(outsideBusinessHours && zone === undefined
      ? [`you mind business hours: those of ${instance.home} are not known`]
      : []),
    ...(usuallyUnderSeconds === undefined
      ? []
      : [`its warning above ${formatDuration(usuallyUnderSeconds)} is heeded`]),
    ...(usually === undefined ? [] : ["you count the windows of a month: nothing else does"]),
  ];
}

/** Where a channel that was sold leads to nobody. */
function remedyFor({ fleet, instance }: Sold, { channels }: Maintenance): Remedy {
  const at = (of: Where["of"], ...path: readonly string[]): Where => ({ of, path });
  if (channels.includes("e-mail") && instance.contacts.length === 0) {
    const change = "name the customer in contacts: nobody but you is mailed";
    return { change, where: at("instance", "contacts") };
  }
  if (channels.includes("status-feed") && !fleet.status) {
    const change = "add status: {} to the fleet: a status feed is sold, and there is none";
    return { change, where: at("fleet") };
  }
  return {};
}
