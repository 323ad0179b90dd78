import type { CreateDBInstanceMessage, CreateDBInstanceResult } from "@aws-sdk/client-rds";
import { copyTemplate } from "../postgres/template.ts";
import type { CallContext } from "../wire/service.ts";
import { CHOICE_PARAMETERS, checkedGroups, chosen } from "./choices.ts";
import { encryptionOf } from "./encryption.ts";
import { finish, found } from "./found.ts";
import { LINK_PORT, SERVER_PORT } from "./host.ts";
import type { Contents, Instance } from "./instance.ts";
import { prepareMaster } from "./master.ts";
import { checkedIdentifier } from "./names.ts";
import {
  checkedPassword,
  invalidCombination,
  invalidValue,
  refuseUnknown,
  wholeNumber,
} from "./parameters.ts";
import { view } from "./view.ts";
import type { World } from "./world.ts";

/** What the binaries are; RDS likewise offers some versions and refuses the others. */
const ENGINE_VERSIONS = ["15", "15.18"];
const POSTGRES_PORT = 5432;

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
  const instance = found(world, {
    region,
    id: checkedIdentifier("DBInstanceIdentifier", input.DBInstanceIdentifier, 63),
    port: checkedPort(input.Port),
    contents: contentsOf(world, region, input),
    choices: chosen(input),
    groups: checkedGroups(world.groups, region, input.VpcSecurityGroupIds),
    tags: input.Tags ?? [],
  });
  world.inventory.begin(instance, () => make(world, instance, password));
  return { DBInstance: view(world, instance) };
}

async function make(world: World, instance: Instance, password: string): Promise<void> {
  await instance.host.install((directory, template) => copyTemplate(template, directory));
  await prepareMaster(instance.host, instance.contents, password);
  await finish(world, instance);
}

function contentsOf(world: World, region: string, input: CreateDBInstanceMessage): Contents {
  const { Engine, EngineVersion = "15", MasterUsername = "", DBName } = input;
  if (Engine !== "postgres") {
    throw invalidValue(`Invalid DB engine: ${Engine}; the local cloud has postgres only.`);
  }
  if (!ENGINE_VERSIONS.includes(EngineVersion)) {
    throw invalidCombination(
      `Cannot find version ${EngineVersion} for postgres; the local cloud has ${ENGINE_VERSIONS.join(", ")}.`,
    );
  }
  if (!/^[a-z][a-z0-9_]{0,62}$/i.test(MasterUsername) || /^(rds|pg_)/i.test(MasterUsername)) {
    throw invalidValue(
      `MasterUsername '${MasterUsername}' cannot be used: it is missing or reserved.`,
    );
  }
  if (DBName !== undefined && !/^[a-z_]\w{0,62}$/i.test(DBName)) {
    throw invalidValue(
      `DBName '${DBName}' must begin with a letter and contain only letters, digits and _.`,
    );
  }
  return {
    engineVersion: "15.18",
    masterUsername: MasterUsername,
    ...(DBName !== undefined && { databaseName: DBName }),
    ...encryptionOf(world, region, input.StorageEncrypted ?? false, input.KmsKeyId),
  };
}

/** @throws AwsError InvalidParameterValue */
export function checkedPort(port = POSTGRES_PORT): number {
  wholeNumber("Port", port, 1150, 65_535);
  if (port !== SERVER_PORT && port !== LINK_PORT) return port;
  throw invalidValue(`Invalid value ${port} for Port: the local cloud needs ${port} itself.`);
}
