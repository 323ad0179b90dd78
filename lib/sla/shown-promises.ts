import type { Finding, Sold } from "./check.ts";
import { languageOf } from "./language.ts";
import type { Where } from "./promise-line.ts";

const INSTANCE: Where = { of: "instance", path: ["contacts"] };
const FLEET: Where = { of: "fleet", path: [] };

/** What of all this a customer gets to see: the month as it was settled, and pages. */
export function shownPromises(sold: Sold): readonly Finding[] {
  return [...report(sold), ...statusPage(sold)];
}

/** Whoever sells availability settles months. That they are sealed where nobody can change it makes them proof. */
function report({ fleet, instance, plan }: Sold): readonly Finding[] {
  if (!plan.availability) return [];
  const sealed = fleet.frozen
    ? `sealed in ${fleet.frozen.region} of another account`
    : "sealed in your own ledgers";
  const { contacts } = instance;
  const language = languageOf(fleet.provider ?? {}, instance);
  const mailed = fleet.reports && contacts.length > 0 ? `, mailed to ${contacts.length}` : "";
  const common = {
    promise: "monthly report",
    promised: "settled from looks",
    achievable: `${sealed}${mailed}, in ${language}`,
    covers: "application",
  } as const;
  const doubts = [
    ...(fleet.frozen ? [] : [UNSEALED]),
    ...(fleet.reports ? [] : [UNMAILED]),
    ...(contacts.length > 0 ? [] : [NOBODY]),
  ];
  const [first] = doubts;
  if (!first) return [{ ...common, status: "kept" }];
  const restsOn = `if ${doubts.map(({ condition }) => condition).join("; ")}`;
  const change = doubts.map(({ remedy }) => remedy).join("; ");
  return [{ ...common, status: "conditional", restsOn, change, where: first.where }];
}

const UNSEALED = {
  condition: "your word is enough for who doubts it: what lies in your account you could change",
  remedy: "add frozen: { account, region, retainDays }",
  where: FLEET,
};
const UNMAILED = {
  condition: "you hand it on: it lies in the ledger, and nobody is mailed",
  remedy: "add reports: { from } to the fleet",
  where: FLEET,
};
const NOBODY = {
  condition: "you know whom it is for",
  remedy: "name the customer in contacts:",
  where: INSTANCE,
};

/** Sold as a feed of maintenance or a dashboard of backups; shown to each customer by a page of their own. */
function statusPage({ fleet, instance, plan }: Sold): readonly Finding[] {
  const isFeedSold = plan.maintenance?.channels.includes("status-feed") ?? false;
  const isDashboardSold = plan.backupMonitoring?.dashboard ?? false;
  if (!isFeedSold && !isDashboardSold) return [];
  const promised = [
    ...(isFeedSold ? ["status feed"] : []),
    ...(isDashboardSold ? ["dashboard of backups"] : []),
  ].join(", ");
  const common = { promise: "status page", promised, covers: "application" } as const;
  if (fleet.status) {
    const where = fleet.status.own?.host ?? "a name of CloudFront";
    const whose = instance.status?.public ? "shown to all" : "a page of the customer's own";
    return [{ ...common, status: "kept", achievable: `${where}: ${whose}` }];
  }
  const restsOn = "if you make it by hand: sla status --html";
  const change = "add status: {} to the fleet";
  return [{ ...common, status: "conditional", restsOn, change, where: FLEET }];
}
