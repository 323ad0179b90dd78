import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { ticketSites } from "../sla/support/ticket-sites.ts";
import { allow } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";

/** Reads the fleet here, reads tickets and adds to them where they are kept. */
export function ticketShelfGrants({ fleet, region }: SiteProps) {
  const { account } = fleet.provider;
  const at = (site: string) => `arn:aws:s3:::${ledgerBucket(account, site)}`;
  const shelves = ticketSites(fleet).map(at);
  const tickets = shelves.map((shelf) => `${shelf}/tickets/*`);
  return [
    allow(["s3:GetObject"], [`${at(region)}/fleet/*`, ...tickets]),
    allow(["s3:PutObject"], tickets),
    // Without it a key that is not there yet answers like one that is forbidden.
    allow(["s3:ListBucket"], shelves),
  ];
}
