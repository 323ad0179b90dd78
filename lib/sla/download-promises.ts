import type { Finding, Sold } from "./check.ts";
import { destinationService } from "./destination.ts";
import { dumpedIn } from "./dumps.ts";
import { frozenPromises } from "./frozen-promises.ts";
import type { Where } from "./promise-line.ts";
import { describeRegion, hasFunctionUrls } from "./regions.ts";

/**
 * What a customer gets: a link to the newest frozen copy, or to a dump of now, made by the provider: an agreement kept. "Any time" is kept where
 * the fleet names the customers, who ask by themselves.
 */
export function downloadPromises(sold: Sold): readonly Finding[] {
  const { downloads } = sold.plan;
  if (downloads === undefined) return [];
  const promised = downloads.replaceAll("-", " ");
  const line: Finding = {
    ...{ promise: "downloads", status: "not-yet-covered", promised, covers: "database" },
  };
  if (downloads === "own-destination") return [ownDestination(sold, line)];
  const frozen = frozenIn(sold);
  const region = frozen ?? dumpedIn(sold.instance, sold.plan, sold.fleet.frozen);
  if (region === undefined) return [line];
  if (!hasFunctionUrls(region)) {
    const change = `choose another frozen.region: in ${describeRegion(region)} Lambda serves no URLs, so no link is answered`;
    const where: Where = { of: "fleet", path: ["frozen", "region"] };
    return [{ ...line, change, where }];
  }
  const dump = frozen === undefined ? "a dump of now" : "the newest frozen copy, or a dump of now";
  const what = sellsFiles(sold) ? `${dump}, with the files that belong to it` : dump;
  if (sold.instance.customers) {
    const achievable = `${what}, by a link that customers make themselves`;
    return [{ ...line, status: "kept", achievable }];
  }
  const achievable = `${what}, by a link of sla download`;
  if (downloads === "by-agreement") return [{ ...line, status: "kept", achievable }];
  const change =
    "name who vouches for customers (customers: of the fleet) and whose it is (customers: of the instance)";
  return [{ ...line, achievable, change, where: { of: "instance", path: [] } }];
}

const sellsFiles = ({ instance: { filestore }, plan }: Sold): boolean =>
  filestore !== undefined && plan.backups?.contents.includes("filestore") === true;

/** That dumps are made of it, and where, is seen to when the fleet is read. */
function ownDestination({ instance: { destination }, plan }: Sold, line: Finding): Finding {
  if (destination && plan.backups) {
    return { ...line, status: "kept", achievable: destinationService(destination, plan.backups) };
  }
  const change = "name the customer's bucket or SFTP server as destination: of the instance";
  return { ...line, change, where: { of: "instance", path: [] } };
}

/** Where frozen copies of the instance are made; undefined where none are. */
function frozenIn(sold: Sold): string | undefined {
  const [frozen] = frozenPromises(sold);
  return frozen?.status === "kept" ? sold.fleet.frozen?.region : undefined;
}
