import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { FLAG_FUNCTION, type Flag, flagPath } from "../../functions/flag/contract.ts";
import { keys, ledgerBucket } from "../../functions/ledger/contract.ts";
import type { LocalCloud } from "../local-cloud/cloud.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { firstRoles } from "../sla/roles.ts";
import type { Aws } from "./aws.ts";
import { eventually } from "./eventually.ts";
import { ledgerReader } from "./ledger.ts";

/** As Route 53 offers it at its quickest: three looks of ten seconds. */
const CHECK = { Port: 443, RequestInterval: 10, FailureThreshold: 3 } as const;
const TAKEN_BACK_WITHIN_MS = 30_000;

/**
 * Gives the PRIMARY records of every instance with `stop: own` the inverted check that watches its flag. A
 * new inverted check counts as unhealthy until it has looked: attached at once, it would move DNS.
 */
export async function attachStopChecks(cloud: LocalCloud, fleet: Fleet, aws: Aws): Promise<void> {
  const members = fleet.instances.filter(({ dns, standby }) => dns.stop === "own" && standby);
  await Promise.all(
    members.map(async (instance) => {
      const check = await createCheck(cloud, fleet, aws, instance);
      if (check !== undefined) await attach(aws, instance, check);
    }),
  );
}

async function createCheck(cloud: LocalCloud, fleet: Fleet, aws: Aws, instance: Instance) {
  const { owner } = firstRoles(fleet, instance, "");
  const ledger = ledgerReader(aws.s3(owner), ledgerBucket(fleet.provider.account, owner));
  const flag = await ledger.read<Flag>(keys.flag(instance.id));
  const url = cloud.services.functionUrl(owner, FLAG_FUNCTION);
  // Its standby is in a region whose functions have no URLs.
  if (!flag || url === undefined) return undefined;
  const { HealthCheck } = await aws.route53().send(
    new CreateHealthCheckCommand({
      CallerReference: `stop-${instance.id}`,
      HealthCheckConfig: {
        ...CHECK,
        Type: "HTTPS",
        FullyQualifiedDomainName: new URL(url).hostname,
        ResourcePath: flagPath(flag),
        EnableSNI: true,
        Inverted: true,
      },
    }),
  );
  const id = String(HealthCheck?.Id);
  await eventually(`the STOP check of ${instance.id} to be healthy`, TAKEN_BACK_WITHIN_MS, () =>
    cloud.ground.log
      .all()
      .find(({ detail }) => detail["healthCheck"] === id && detail["healthy"] === true),
  );
  return id;
}

async function attach(aws: Aws, { dns }: Instance, check: string): Promise<void> {
  const names = [dns.names.database, ...(dns.names.app === undefined ? [] : [dns.names.app])];
  const primaries = await Promise.all(
    names.map(async (name) => {
      const { ResourceRecordSets } = await aws.route53().send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: dns.zone,
          StartRecordName: name,
          StartRecordType: "CNAME",
          MaxItems: 2,
        }),
      );
      return (ResourceRecordSets ?? []).filter((set) => isPrimary(set, name));
    }),
  );
  const Changes = primaries.flat().map((set) => ({
    Action: "UPSERT" as const,
    ResourceRecordSet: { ...set, HealthCheckId: check },
  }));
  await aws
    .route53()
    .send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: dns.zone, ChangeBatch: { Changes } }),
    );
}

const isPrimary = ({ Name, Failover }: ResourceRecordSet, name: string) =>
  Failover === "PRIMARY" && Name?.replace(/\.$/, "") === name;
