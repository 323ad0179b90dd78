import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { LocalCloud } from "../../../lib/local-cloud/cloud.ts";
import { ACCOUNT, folder } from "../cloudformation/fixture.ts";
import { REGION, shell } from "./fixture.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const WITHIN = { timeout: 60_000, interval: 50 };
const PASSWORD = "correct-horse";
let cloud: LocalCloud;
let host: string;
let secret: string;
const directory = mkdtempSync(join(tmpdir(), "tasks-test-"));
// PostgreSQL runs as somebody else and has to get through.
chmodSync(directory, 0o711);

const clientOptions = () => ({
  region: REGION,
  endpoint: cloud.url,
  credentials: cloud.ground.credentials,
});

beforeAll(async () => {
  cloud = await LocalCloud.start({ account: ACCOUNT, pace: 60, directory });
  cloud.ground.groups.create(REGION, "sg-db");
  cloud.ground.groups.allow(REGION, "sg-db", { group: "sg-dump" });
  const [rds, secrets] = [
    new RDSClient(clientOptions()),
    new SecretsManagerClient(clientOptions()),
  ];
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "restored",
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      MasterUsername: "postgres",
      MasterUserPassword: PASSWORD,
      BackupRetentionPeriod: 0,
      VpcSecurityGroupIds: ["sg-db"],
    }),
  );
  await cloud.services.rds.settled(REGION, "restored");
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  host = DBInstances[0]?.Endpoint?.Address ?? "";
  await cloud.services.rds.adminQuery(REGION, "restored", "create table orders as select 1 as id");
  await cloud.services.rds.adminQuery(REGION, "restored", "grant select on orders to postgres");
  const SecretString = JSON.stringify({ password: PASSWORD });
  const { ARN = "" } = await secrets.send(
    new CreateSecretCommand({ Name: "master", SecretString }),
  );
  secret = ARN;
});
afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true, force: true });
});

/** An assembly without code. */
const assembly = (Resources: object) =>
  folder({
    "manifest.json": {
      version: "48.0.0",
      artifacts: {
        S: {
          type: "aws:cloudformation:stack",
          environment: `aws://${ACCOUNT}/${REGION}`,
          properties: { templateFile: "S.template.json", stackName: `Sla-${REGION}` },
        },
      },
    },
    "S.template.json": { Resources },
  });

const ROLE_ARN = { "Fn::GetAtt": ["Role", "Arn"] };
/** Of the machine, which runs the task, and of who begins it, who opens its secret. */
const Role = {
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: "dump",
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: ["states.amazonaws.com", "ecs-tasks.amazonaws.com"] },
        },
      ],
    },
    Policies: [
      {
        PolicyName: "dump",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["ecs:RunTask", "iam:PassRole", "secretsmanager:GetSecretValue"],
              Resource: "*",
            },
          ],
        },
      },
    ],
  },
};

/** Deploys a machine that runs a command beside the database, and runs it. */
async function runBeside(group: string, command: readonly string[]) {
  const Arguments = {
    Cluster: "dumps",
    TaskDefinition: "dump",
    LaunchType: "FARGATE",
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: ["subnet-a"], SecurityGroups: [group] },
    },
  };
  const States = {
    Dump: { Type: "Task", Resource: "arn:aws:states:::ecs:runTask.sync", Arguments, End: true },
  };
  const machine = { QueryLanguage: "JSONata", StartAt: "Dump", States };
  await cloud.services.deploy(
    assembly({
      Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "dumps" } },
      Role,
      Dump: {
        Type: "AWS::ECS::TaskDefinition",
        Properties: {
          Family: "dump",
          ExecutionRoleArn: ROLE_ARN,
          NetworkMode: "awsvpc",
          RequiresCompatibilities: ["FARGATE"],
          ContainerDefinitions: [
            {
              Name: "pg",
              Image: "public.ecr.aws/docker/library/postgres:15",
              Essential: true,
              Command: command,
              Environment: [
                { Name: "PGHOST", Value: host },
                { Name: "PGUSER", Value: "postgres" },
                { Name: "PGDATABASE", Value: "postgres" },
                { Name: "PGSSLMODE", Value: "verify-full" },
                { Name: "PGCONNECT_TIMEOUT", Value: "3" },
              ],
              Secrets: [{ Name: "PGPASSWORD", ValueFrom: `${secret}:password::` }],
            },
          ],
        },
      },
      Machine: {
        Type: "AWS::StepFunctions::StateMachine",
        DependsOn: ["Dump", "Cluster", "Role"],
        Properties: {
          StateMachineName: "dump",
          RoleArn: ROLE_ARN,
          DefinitionString: JSON.stringify(machine),
        },
      },
    }),
  );
  const sfn = new SFNClient(clientOptions());
  const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:dump`;
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  return vi.waitFor(async () => {
    const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(found.status).not.toBe("RUNNING");
    return found;
  }, WITHIN);
}

const lines = () =>
  cloud.ground.log
    .all()
    .filter(({ service, operation }) => service === "ecs" && operation === "Log")
    .map(({ detail }) => String(detail["line"]));

it("pg_dump of this machine dumps a database of the cloud, by name, TLS and security group", async () => {
  const dump = shell("set -e", "pg_dump -Fc -Z1 -f dump", "pg_restore --list dump");
  const { status, cause } = await runBeside("sg-dump", dump);
  expect({ status, cause, said: status === "SUCCEEDED" ? [] : lines() }).toEqual({
    status: "SUCCEEDED",
    cause: undefined,
    said: [],
  });
  expect(lines().join("\n")).toMatch(/TABLE DATA public orders/);
});

it("pg_dump in a network that the database does not admit hears nothing", async () => {
  const { status, error, cause = "{}" } = await runBeside("sg-other", ["pg_dump", "-Fc"]);
  expect({ status, error }).toEqual({ status: "FAILED", error: "States.TaskFailed" });
  expect(JSON.parse(cause).Containers).toMatchObject([{ ExitCode: 1 }]);
  expect(lines().join("\n")).toMatch(/timeout expired/);
});
