import {
  CreateDBParameterGroupCommand,
  ModifyDBParameterGroupCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { accountLimits } from "../../../functions/aws/account-limits.ts";
import { ec2Networks } from "../../../functions/aws/ec2-networks.ts";
import { kmsKeys } from "../../../functions/aws/kms-keys.ts";
import { rdsGroups, rdsVersions } from "../../../functions/aws/rds-groups.ts";
import { rdsSeats } from "../../../functions/aws/rds-seats.ts";
import { secretsVault } from "../../../functions/aws/secret-looks.ts";
import { secretsHere } from "../../../functions/aws/secrets.ts";
import { stepFunctionsExecutions } from "../../../functions/aws/sfn-executions.ts";
import { snsEnlisting } from "../../../functions/aws/sns-enlisting.ts";
import { BOOTSTRAP_PARAMETER } from "../../../functions/live/contract.ts";
import { ACCOUNT, type Case, ELSEWHERE, HERE, nameOfError } from "./case.ts";

const region = { region: HERE };
const LOGIN = JSON.stringify({ username: "sla", password: "secret" });

const secret = (Name: string, more: Partial<CreateSecretCommand["input"]> = {}) =>
  new SecretsManagerClient(region).send(
    new CreateSecretCommand({ Name, SecretString: LOGIN, ...more }),
  );

const SECRET_CASES: readonly Case[] = [
  {
    name: "a secret is read by its name, and one that is not there is not",
    by: "Secrets Manager API, GetSecretValue: ResourceNotFoundException",
    expected: [LOGIN, "ResourceNotFoundException"],
    async run(clock) {
      await secret("acme-db/sla");
      const secrets = secretsHere(clock, HERE);
      return [await secrets.read("acme-db/sla"), await nameOfError(secrets.read("not/there"))];
    },
  },
  {
    name: "a secret says what holds it: a login, nothing, something else",
    by: "Secrets Manager API, GetSecretValue: SecretString",
    expected: [{ is: "login" }, null, { is: "malformed" }],
    async run(clock) {
      await secret("opened/login");
      await secret("opened/hollow", { SecretString: undefined });
      await secret("opened/other", { SecretString: "plain" });
      const vault = secretsVault(clock, region);
      const names = ["opened/login", "opened/hollow", "opened/other"];
      return Promise.all(names.map(async (name) => (await vault.open(name)) ?? null));
    },
  },
  {
    name: "a replica says whom it follows, and its origin who follows it",
    by: "Secrets Manager API, DescribeSecret: PrimaryRegion, ReplicationStatus",
    expected: [true, HERE],
    async run(clock) {
      await secret("followed/login", { AddReplicaRegions: [{ Region: ELSEWHERE }] });
      const vault = secretsVault(clock, region);
      const [here, there] = [
        await vault.look(HERE, "followed/login"),
        await vault.look(ELSEWHERE, "followed/login"),
      ];
      const [state] = Object.values(here?.replicas ?? {});
      return [state?.startsWith("InSync"), there?.follows];
    },
  },
  {
    name: "a secret that waits for its deletion says so, and is opened by nobody",
    by: "Secrets Manager API, DeleteSecret and GetSecretValue: InvalidRequestException",
    expected: [true, { is: "closed", why: "InvalidRequestException" }],
    async run(clock) {
      await secret("going/login");
      const SecretId = "going/login";
      await new SecretsManagerClient(region).send(
        new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 30 }),
      );
      const vault = secretsVault(clock, region);
      const { deletedAt } = (await vault.look(HERE, SecretId)) ?? {};
      return [deletedAt !== undefined, await vault.open(SecretId)];
    },
  },
];

const DATABASE_CASES: readonly Case[] = [
  {
    name: "groups, databases and snapshots that are not there are none, and no error",
    by: "RDS API, DescribeDBSubnetGroups, DescribeDBParameterGroups: DBSubnetGroupNotFoundFault, DBParameterGroupNotFound",
    expected: [null, null, null, []],
    async run(clock) {
      const groups = rdsGroups(clock, region);
      const seat = { region: HERE, database: "not-there" };
      return [
        (await groups.subnets("not-there")) ?? null,
        (await groups.parameters(HERE, "not-there")) ?? null,
        (await rdsSeats(clock).look(seat)) ?? null,
        await rdsVersions(clock, region).backups(),
      ];
    },
  },
  {
    name: "of a parameter group only what somebody has set is read",
    by: "RDS API, DescribeDBParameters: Source user",
    expected: { family: "postgres15", values: { max_connections: "500" } },
    async run(clock) {
      const client = new RDSClient(region);
      const group = { DBParameterGroupName: "set-by-hand" };
      await client.send(
        new CreateDBParameterGroupCommand({
          ...{ ...group, DBParameterGroupFamily: "postgres15", Description: "by hand" },
        }),
      );
      const set = {
        ...{ ParameterName: "max_connections", ParameterValue: "500" },
        ApplyMethod: "pending-reboot",
      } as const;
      await client.send(new ModifyDBParameterGroupCommand({ ...group, Parameters: [set] }));
      return rdsGroups(clock, region).parameters(HERE, "set-by-hand");
    },
  },
];

export const ACCOUNT_CASES: readonly Case[] = [
  ...SECRET_CASES,
  ...DATABASE_CASES,
  {
    name: "a key that is not there is none",
    by: "KMS API, DescribeKey: NotFoundException",
    expected: null,
    run: async (clock) =>
      (await kmsKeys(clock, region).look(
        `arn:aws:kms:${HERE}:${ACCOUNT}:key/${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}`,
      )) ?? null,
  },
  {
    name: "the bootstrap of a region is a parameter, and none is version 0",
    by: "Systems Manager API, GetParameter: ParameterNotFound",
    expected: [0, 21],
    async run(clock) {
      const account = accountLimits(clock);
      const before = await account.bootstrap(ELSEWHERE);
      await new SSMClient({ region: ELSEWHERE }).send(
        new PutParameterCommand({ Name: BOOTSTRAP_PARAMETER, Value: "21", Type: "String" }),
      );
      return [before, await account.bootstrap(ELSEWHERE)];
    },
  },
  {
    name: "regions that nobody has to switch on are on, others are listed as well",
    by: "EC2 API, DescribeRegions: AllRegions, OptInStatus",
    expected: [true, true, true],
    async run(clock) {
      const on = await accountLimits(clock).switchedOn(HERE);
      return [on.get("eu-west-1"), on.get("us-east-1"), on.has("eu-south-2")];
    },
  },
  {
    name: "RDS and Lambda say what they grant",
    by: "RDS API, DescribeAccountAttributes; Lambda API, GetAccountSettings",
    expected: ["L-272F1212", "L-7B6409FD", "L-B99A9384"],
    // Two services are asked at once: who of them refuses first is chance.
    run: (clock) =>
      accountLimits(clock)
        .quotas(HERE)
        .then(
          (quotas) => Object.keys(quotas).toSorted(),
          () => "refused",
        ),
  },
  {
    name: "Route 53 says how many health checks it grants",
    by: "Route 53 API, GetAccountLimit: MAX_HEALTH_CHECKS_BY_OWNER",
    expected: true,
    run: async (clock) => (await accountLimits(clock).healthChecks()).has > 0,
  },
  {
    name: "an address that was subscribed hears nothing until somebody confirms",
    by: "SNS API, Subscribe: pending confirmation",
    expected: [{ topic: "sla-alerts", address: "ops@provider.example", isConfirmed: false }],
    async run(clock) {
      await new SNSClient(region).send(new CreateTopicCommand({ Name: "sla-alerts" }));
      const enlisting = snsEnlisting({ account: ACCOUNT, region: HERE, clock });
      await enlisting.subscribe("ops@provider.example");
      return enlisting.subscribed();
    },
  },
  {
    name: "a topic that is not there is an error, and no empty list",
    by: "SNS API, ListSubscriptionsByTopic: NotFound",
    expected: "NotFoundException",
    run: (clock) =>
      nameOfError(snsEnlisting({ account: ACCOUNT, region: ELSEWHERE, clock }).subscribed()),
  },
  {
    name: "an execution that is not there does not run",
    by: "Step Functions API, DescribeExecution: ExecutionDoesNotExist",
    expected: false,
    run: (clock) =>
      stepFunctionsExecutions(clock).isRunning(
        `arn:aws:states:${HERE}:${ACCOUNT}:execution:sla-failover:none`,
      ),
  },
  {
    name: "a security group that is not there is none",
    by: "EC2 API, DescribeSecurityGroups: a filter that nothing matches answers an empty list",
    expected: null,
    run: async (clock) =>
      (await ec2Networks(clock, region).group(HERE, "sg-00000000000000000")) ?? null,
  },
];
