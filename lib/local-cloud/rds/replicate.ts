import type {
  CreateDBInstanceReadReplicaMessage,
  CreateDBInstanceReadReplicaResult,
} from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { CHOICE_PARAMETERS, checkedGroups, chosen, defaultsOf } from "./choices.ts";
import { checkedPort, WITHOUT_EFFECT } from "./create.ts";
import { applyCuts } from "./cuts.ts";
import { replicaContents } from "./encryption.ts";
import { engineOf } from "./engines.ts";
import { finish, found } from "./found.ts";
import type { Choices, Instance } from "./instance.ts";
import { invalidState, mustBe } from "./inventory.ts";
import { checkedIdentifier } from "./names.ts";
import { invalidCombination, refuseUnknown } from "./parameters.ts";
import { view } from "./view.ts";
import type { World } from "./world.ts";

const KNOWN = [
  ...CHOICE_PARAMETERS,
  ...WITHOUT_EFFECT,
  "DBInstanceIdentifier",
  "SourceDBInstanceIdentifier",
  "Port",
  "KmsKeyId",
  "VpcSecurityGroupIds",
  "Tags",
  // The SDK adds these for a source in another region.
  "PreSignedUrl",
  "SourceRegion",
  "DestinationRegion",
];

/** CreateDBInstanceReadReplica, called in the replica's region; the source is an ARN if it is elsewhere. */
export async function createReplica(
  world: World,
  input: CreateDBInstanceReadReplicaMessage,
  { region }: CallContext,
): Promise<CreateDBInstanceReadReplicaResult> {
  refuseUnknown("CreateDBInstanceReadReplica", input, KNOWN);
  const source = world.inventory.get(region, input.SourceDBInstanceIdentifier);
  checkSource(source, region);
  const { choices } = source;
  const instance = found(world, {
    region,
    id: checkedIdentifier("DBInstanceIdentifier", input.DBInstanceIdentifier, 63),
    port: checkedPort(input.Port ?? source.host.options.port),
    contents: replicaContents(world, region, source, input.KmsKeyId),
    // Backups, Multi-AZ and protection are the replica's own: off unless asked for. Groups are those of a region.
    choices: chosen(input, {
      ...(source.region === region ? choices : elsewhere(source)),
      multiAz: false,
      backupRetentionDays: 0,
      deletionProtection: false,
    }),
    groups: checkedGroups(world.groups, region, input.VpcSecurityGroupIds),
    tags: input.Tags ?? [],
    source,
  });
  world.inventory.begin(instance, () => make(world, instance, source));
  return { DBInstance: view(world, instance) };
}

/** Another region's own groups, unless others are named. */
const elsewhere = ({ choices, contents }: Instance): Choices => {
  const { parameterGroup, subnetGroup } = defaultsOf(contents);
  return { ...choices, parameterGroup, subnetGroup };
};

function checkSource(source: Instance, region: string): void {
  mustBe(source, "available");
  if (source.choices.backupRetentionDays === 0) {
    throw invalidState(
      `Automated backups are not enabled for ${source.id}: set BackupRetentionPeriod to 1 or more.`,
    );
  }
  if (source.source && source.source.region !== region) {
    throw invalidCombination(`${source.id} is itself a cross-region read replica.`);
  }
}

/** Copying and streaming both go over the link, so that they end where the network ends. */
async function make(world: World, instance: Instance, source: Instance): Promise<void> {
  await instance.host.openLink(source.host);
  applyCuts(world);
  await engineOf(instance).replicate(instance, source);
  await finish(world, instance);
  world.events.add(instance, "read replica", "Replication for the Read Replica started");
}
