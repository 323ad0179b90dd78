import { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { Fleet } from "../sla/fleet.ts";
import { changeRecords } from "./common-grants.ts";
import { changedZones } from "./zone-arns.ts";

/**
 * Leave to change records of zones that roles have no room to name. Roles take them, not they the roles: so a deployment makes them first, and nobody
 * who moves records is without leave meanwhile.
 */
export function zonePolicies(scope: Construct, fleet: Fleet): readonly ManagedPolicy[] {
  const zones = new Construct(scope, "Zones");
  return changedZones(fleet).beside.flatMap((arns, index) => {
    if (arns.length === 0) return [];
    const description = "hosting-sla: records of hosted zones of the fleet";
    const statements = [changeRecords(arns)];
    return new ManagedPolicy(zones, `Policy${index}`, { description, statements });
  });
}
