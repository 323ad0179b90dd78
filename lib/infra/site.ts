import type { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import type { LedgerEnv } from "../../functions/ledger/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { Bundles } from "./functions.ts";
import type { Grants } from "./grants.ts";

/** What every capability of one site is built from. */
export interface SiteProps {
  readonly fleet: Fleet;
  readonly region: string;
  /** The checked fleet as a JSON file. */
  readonly fleetFile: string;
  readonly bundles: Bundles;
  readonly environment: LedgerEnv;
  readonly grants: Grants;
  /** Of those who move records, beside their grants: where the fleet has more zones than a role can name. */
  readonly zonePolicies: readonly ManagedPolicy[];
}
