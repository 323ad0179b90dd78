import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import {
  FLAG_FUNCTION,
  type Flag,
  flagPath,
  stopReference,
} from "../../functions/flag/contract.ts";
import { keys, ledgerBucket } from "../../functions/ledger/contract.ts";
import type { LocalCloud } from "../local-cloud/cloud.ts";
import { type StopFlag, stopFlags } from "../sla/cells.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Aws } from "./aws.ts";
import { eventually } from "./eventually.ts";
import { ledgerReader } from "./ledger.ts";

/** As Route 53 offers it at its quickest: three looks of ten seconds. */
const CHECK = { Port: 443, RequestInterval: 10, FailureThreshold: 3 } as const;
/** Twice what it takes at its quickest, and what a busy machine needs where a minute takes a second. */
const TAKEN_BACK_SECONDS = 2 * CHECK.RequestInterval * CHECK.FailureThreshold;
const TAKEN_BACK_FLOOR_MS = 30_000;

/**
 * Makes the inverted check of every STOP flag, for the way there and back, and gives the PRIMARY records of its
 * members the one of today. A new inverted check counts as unhealthy until it has looked: attached at once, it would
 * move DNS.
 */
export async function attachStopChecks(cloud: LocalCloud, fleet: Fleet, aws: Aws): Promise<void> {
  const instances = new Map(fleet.instances.map((instance) => [instance.id, instance]));
  await Promise.all(
    stopFlags(fleet).map(async (flag) => {
      const check = await createCheck(cloud, fleet, aws, flag);
      const members = flag.members
        .flatMap((id) => instances.get(id) ?? [])
        .filter(({ home }) => home === flag.direction.primary);
      if (check === undefined || members.length === 0) return;
      await takenBack(cloud, flag, check);
      for (const [zone, its] of Map.groupBy(members, ({ dns }) => dns.zone)) {
        await attach(aws, zone, its.flatMap(namesOf), check);
      }
    }),
  );
}

const namesOf = ({ dns: { names } }: Instance) => [
  names.database,
  ...(names.app === undefined ? [] : [names.app]),
];

/** Its id; undefined if nobody laid the flag or no function answers for it. */
async function createCheck(cloud: LocalCloud, fleet: Fleet, aws: Aws, { id, site }: StopFlag) {
  const ledger = ledgerReader(aws.s3(site), ledgerBucket(fleet.provider.account, site));
  const flag = await ledger.read<Flag>(keys.flag(id));
  const url = cloud.services.functionUrl(site, FLAG_FUNCTION);
  if (!flag || url === undefined) return undefined;
  const { HealthCheck } = await aws.route53().send(
    new CreateHealthCheckCommand({
      CallerReference: stopReference(id, site),
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
  return String(HealthCheck?.Id);
}

function takenBack({ ground }: LocalCloud, { id }: StopFlag, check: string) {
  const patienceMs = ground.pace.ms(TAKEN_BACK_SECONDS, TAKEN_BACK_FLOOR_MS);
  return eventually(`the STOP check of ${id} to be healthy`, patienceMs, () =>
    ground.log
      .all()
      .find(({ detail }) => detail["healthCheck"] === check && detail["healthy"] === true),
  );
}

async function attach(
  aws: Aws,
  zone: string,
  names: readonly string[],
  check: string,
): Promise<void> {
  const primaries = await Promise.all(
    names.map(async (name) => {
      const { ResourceRecordSets } = await aws.route53().send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: zone,
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
    .send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }));
}

const isPrimary = ({ Name, Failover }: ResourceRecordSet, name: string) =>
  Failover === "PRIMARY" && Name?.replace(/\.$/, "") === name;
