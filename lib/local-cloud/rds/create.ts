import type { CreateDBInstanceMessage, CreateDBInstanceResult } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { CHOICE_PARAMETERS, checkedGroups, chosen, defaultsOf } from "./choices.ts";
import { encryptionOf } from "./encryption.ts";
import { ENGINES, engineOf, isEngine } from "./engines.ts";
import { finish, found } from "./found.ts";
import { LINK_PORT, SERVER_PORT } from "./host.ts";
import type { Contents, Instance } from "./instance.ts";
import { checkedIdentifier } from "./names.ts";
import { checkedPassword, invalidValue, refuseUnknown, wholeNumber } from "./parameters.ts";
import { view } from "./view.ts";
import type { World } from "./world.ts";

/** Accepted and without effect here: they change nothing that a rehearsal looks at. */
export const WITHOUT_EFFECT = [
  "AutoMinorVersionUpgrade",
  "AvailabilityZone",
  "CACertificateIdentifier",
  "EnableCloudwatchLogsExports",
  "EnablePerformanceInsights",
  "EngineLifecycleSupport",
  "LicenseModel",
  "MaxAllocatedStorage",
  "MonitoringInterval",
  "NetworkType",
  "StorageType",
];

const KNOWN = [
  ...CHOICE_PARAMETERS,
  ...WITHOUT_EFFECT,
  "DBInstanceIdentifier",
  "Engine",
  "EngineVersion",
  "MasterUsername",
  "MasterUserPassword",
  "DBName",
  "Port",
  "StorageEncrypted",
  "KmsKeyId",
  "VpcSecurityGroupIds",
  "Tags",
];

/** CreateDBInstance: returns at once, `creating`; an empty database a second later. */
export async function createInstance(
  world: World,
  input: CreateDBInstanceMessage,
  { region }: CallContext,
): Promise<CreateDBInstanceResult> {
  refuseUnknown("CreateDBInstance", input, KNOWN);
  const password = checkedPassword(input.MasterUserPassword);
  const contents = await contentsOf(world, region, input);
  const instance = found(world, {
    region,
    id: checkedIdentifier("DBInstanceIdentifier", input.DBInstanceIdentifier, 63),
    port: checkedPort(input.Port ?? engineOf({ contents }).port),
    contents,
    choices: chosen(input, defaultsOf(contents)),
    groups: checkedGroups(world.groups, region, input.VpcSecurityGroupIds),
    tags: input.Tags ?? [],
  });
  world.inventory.begin(instance, () => make(world, instance, password));
  return { DBInstance: view(world, instance) };
}

async function make(world: World, instance: Instance, password: string): Promise<void> {
  await engineOf(instance).create(instance, password);
  await finish(world, instance);
}

async function contentsOf(
  world: World,
  region: string,
  input: CreateDBInstanceMessage,
): Promise<Contents> {
  const { Engine: engine, EngineVersion, MasterUsername = "", DBName } = input;
  if (!isEngine(engine)) {
    const known = Object.keys(ENGINES).join(", ");
    throw invalidValue(`Invalid DB engine: ${engine}; the local cloud has ${known}.`);
  }
  const engineVersion = await ENGINES[engine].version(EngineVersion);
  ENGINES[engine].checkMaster(MasterUsername);
  if (DBName !== undefined && !/^[a-z_]\w{0,62}$/i.test(DBName)) {
    throw invalidValue(
      `DBName '${DBName}' must begin with a letter and contain only letters, digits and _.`,
    );
  }
  return {
    engine,
    engineVersion,
    masterUsername: MasterUsername,
    ...(DBName !== undefined && { databaseName: DBName }),
    ...encryptionOf(world, region, input.StorageEncrypted ?? false, input.KmsKeyId),
  };
}

/** @throws AwsError InvalidParameterValue */
export function checkedPort(port: number): number {
  wholeNumber("Port", port, 1150, 65_535);
  if (port !== SERVER_PORT && port !== LINK_PORT) return port;
  throw invalidValue(`Invalid value ${port} for Port: the local cloud needs ${port} itself.`);
}
