import type { Finding, Sold } from "./check.ts";
import { destinationService } from "./destination.ts";
import { frozenPromises } from "./frozen-promises.ts";
import type { Where } from "./promise-line.ts";
import { describeRegion, hasFunctionUrls } from "./regions.ts";

/**
 * What a customer gets now: a link to the newest frozen copy, made by the provider or, where the fleet names its customers, by themselves.
 * That is an agreement kept, and less than "any time": it is as old as the last restore test there, or of now where the provider asks for that.
 */
export function downloadPromises(sold: Sold): readonly Finding[] {
  const { downloads } = sold.plan;
  if (downloads === undefined) return [];
  const promised = downloads.replaceAll("-", " ");
  const line: Finding = {
    ...{ promise: "downloads", status: "not-yet-covered", promised, covers: "database" },
  };
  if (downloads === "own-destination") return [ownDestination(sold, line)];
  const region = frozenIn(sold);
  if (region === undefined) return [line];
  if (!hasFunctionUrls(region)) {
    const change = `choose another frozen.region: in ${describeRegion(region)} Lambda serves no URLs, so no link is answered`;
    const where: Where = { of: "fleet", path: ["frozen", "region"] };
    return [{ ...line, change, where }];
  }
  const whose = sold.instance.customers ? "that customers make themselves" : "of sla download";
  const achievable = `the newest frozen copy, by a link ${whose}`;
  return [{ ...line, ...(downloads === "by-agreement" && { status: "kept" }), achievable }];
}

/** That dumps are made of it, and where, is seen to when the fleet is read. */
function ownDestination({ instance: { destination } }: Sold, line: Finding): Finding {
  if (destination) return { ...line, status: "kept", achievable: destinationService(destination) };
  const change = "name the customer's bucket or SFTP server as destination: of the instance";
  return { ...line, change, where: { of: "instance", path: [] } };
}

/** Where frozen copies of the instance are made; undefined where none are. */
function frozenIn(sold: Sold): string | undefined {
  const [frozen] = frozenPromises(sold);
  return frozen?.status === "kept" ? sold.fleet.frozen?.region : undefined;
}
