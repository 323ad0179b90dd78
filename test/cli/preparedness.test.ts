import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteSecurityGroupCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateDBSubnetGroupCommand,
  DeleteDBSubnetGroupCommand,
  ModifyDBParameterGroupCommand,
} from "@aws-sdk/client-rds";
import {
  DeleteSecretCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it, vi } from "vitest";
import type { PreparedRecord } from "../../functions/prepared/contract.ts";
import { ledgerOf } from "../../lib/drill/witness.ts";
import type { FleetStatus } from "../../lib/operator/fleet-status.ts";
import { eventsOf, mailed } from "../drills/rehearsal.ts";
import { withBackups } from "./harbour-backups.ts";
import { onHarbour } from "./on-harbour.ts";

const LONG = { timeout: 240_000 };
const [HOME, FAR] = ["eu-south-2", "eu-west-3"] as const;
const OPERATOR = "watch@harbour.example";

describe("what a recovery would need, on a cloud with real functions", () => {
  const harbour = onHarbour(withBackups);
  const rds = (region: string) => harbour.stage.estate.aws.rds(region);
  const secrets = (region: string) => harbour.stage.estate.aws.secrets(region);

  const read = (region: string) =>
    ledgerOf(harbour.stage, region).read<PreparedRecord>(`prepared/${region}.json`);
  /** Now, as a person would ask for it. */
  const look = async (region: string) => {
    const { credentials } = harbour.stage.cloud.ground;
    const client = new LambdaClient({ region, endpoint: harbour.stage.cloud.url, credentials });
    const command = new InvokeCommand({ FunctionName: "sla-prepared" });
    const { FunctionError, Payload } = await client.send(command);
    const said = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(said);
    return JSON.parse(said) as PreparedRecord;
  };
  const preparedness = async () => {
    const { stdout } = await harbour.sla("status", "--json");
    return (JSON.parse(stdout) as FleetStatus).preparedness;
  };
  const set = (region: string, value: string) =>
    rds(region).send(
      new ModifyDBParameterGroupCommand({
        DBParameterGroupName: "harbour-15",
        Parameters: [
          {
            ParameterName: "max_connections",
            ParameterValue: value,
            ApplyMethod: "pending-reboot",
          },
        ],
      }),
    );

  /** A cloud that has just come up is busy: who did not answer is asked again. */
  const wholeRecord = async (region: string) => {
    const record = await read(region);
    if (record?.unknown.length === 0) return record;
    await look(region).catch(() => undefined);
    return undefined;
  };

  it("is all there when a site begins, which its schedule looks at", LONG, async () => {
    const isFired = (region: string) =>
      eventsOf(harbour.stage, "scheduler", "Fired").some(
        (event) => event.region === region && event.detail["schedule"] === "sla-prepared",
      );
    for (const region of Object.keys(harbour.stage.fleet.sites)) {
      await vi.waitUntil(() => isFired(region), { timeout: 30_000 });
      const record = await vi.waitUntil(() => wholeRecord(region), {
        ...{ timeout: 90_000, interval: 2000 },
      });
      expect(record).toMatchObject({ region, lacks: [], unknown: [] });
    }
  });

  it("is told where somebody has changed it, and shown until it is mended", LONG, async () => {
    await set(HOME, "500");
    const group = { DBSubnetGroupName: "sla-restore" };
    await rds(FAR).send(new DeleteDBSubnetGroupCommand(group));
    await secrets(FAR).send(
      new DeleteSecretCommand({ SecretId: "harbour/tern", ForceDeleteWithoutRecovery: true }),
    );
    const { lacks } = await look(FAR);
    expect(lacks.map(({ kind, about, detail }) => `${kind} ${about}: ${detail}`)).toEqual([
      "subnet-group sla-restore: it is not there",
      "parameter-values harbour-15 of eu-south-2: max_connections is the default, in eu-south-2 500",
      "secret harbour/tern: it is not there",
    ]);
    expect(
      await mailed(harbour.stage, /eu-west-3: NOT PREPARED FOR A RECOVERY/, OPERATOR),
    ).toBeDefined();
    const { stdout, exitCode } = await harbour.sla("status");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("recovery in eu-west-3: secret harbour/tern: it is not there");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);

    await set(FAR, "500");
    await secrets(HOME).send(
      new ReplicateSecretToRegionsCommand({
        ...{ SecretId: "harbour/tern", AddReplicaRegions: [{ Region: FAR }] },
      }),
    );
    await rds(FAR).send(
      new CreateDBSubnetGroupCommand({
        ...{ ...group, DBSubnetGroupDescription: "as before" },
        SubnetIds: ["subnet-h3a", "subnet-h3b"],
      }),
    );
    expect(await look(FAR)).toMatchObject({ lacks: [], unknown: [] });
    expect(
      await mailed(harbour.stage, /eu-west-3: prepared for a recovery again/, OPERATOR),
    ).toBeDefined();
    expect((await preparedness()).find(({ region }) => region === FAR)?.lacks).toEqual([]);
  });

  it("says of a quarantine that somebody opened that its fence would not hold", LONG, async () => {
    const site = harbour.stage.fleet.sites[FAR];
    const { credentials } = harbour.stage.cloud.ground;
    const ec2 = new EC2Client({ region: FAR, endpoint: harbour.stage.cloud.url, credentials });
    const everybody = {
      GroupId: site?.quarantineGroup,
      IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(everybody));
    const fence = ({ lacks }: PreparedRecord) =>
      lacks.filter(({ kind }) => kind === "quarantine-group").map(({ detail }) => detail);
    expect(fence(await look(FAR))).toEqual([
      "it lets in 0.0.0.0/0 on every port: what is fenced with it can still be written to",
    ]);
    expect(
      await mailed(harbour.stage, /eu-west-3: A FENCE WOULD NOT HOLD/, OPERATOR),
    ).toBeDefined();
    const { stdout } = await harbour.sla("status");
    expect(stdout).toContain(`recovery in eu-west-3: quarantine group ${site?.quarantineGroup}:`);
    expect(stdout).toContain("docs/runbook.md#fence-unsound");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    await ec2.send(new RevokeSecurityGroupIngressCommand(everybody));
    expect(fence(await look(FAR))).toEqual([]);

    // Of the one that nothing runs with: its loss is found by the name in the fleet.
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: site?.quarantineGroup }));
    expect(fence(await look(FAR))).toEqual(["it is not there"]);
    harbour.stage.cloud.ground.groups.create(FAR, site?.quarantineGroup, { vpc: site?.vpc ?? "" });
    expect(fence(await look(FAR))).toEqual([
      expect.stringMatching(/^our own functions, sg-\w+, are not let in: no session can be ended$/),
    ]);
    ec2.destroy();
  });

  it("is not known of a login that is no login, and its text is nowhere", LONG, async () => {
    const SecretString = "not-json-but-a-password";
    await secrets(HOME).send(new PutSecretValueCommand({ SecretId: "harbour/tern", SecretString }));
    const { lacks } = await look(FAR);
    expect(lacks).toContainEqual(
      expect.objectContaining({ kind: "secret", about: "harbour/tern" }),
    );
    expect(JSON.stringify([lacks, harbour.stage.cloud.ground.log.all()])).not.toContain(
      SecretString,
    );
  });

  it("goes on lacking while the region of the primary is lost", LONG, async () => {
    harbour.stage.cloud.services.stopSchedules();
    await set(HOME, "600");
    expect((await look(FAR)).lacks).toHaveLength(3);
    harbour.stage.cloud.ground.cutOff.add(HOME);
    const { lacks, unknown } = await look(FAR);
    expect(lacks.map(({ kind }) => kind).toSorted()).toEqual([
      "parameter-values",
      "quarantine-group",
      "secret",
    ]);
    expect(new Set(unknown.map(({ region }) => region))).toEqual(new Set([HOME]));
    harbour.stage.cloud.ground.cutOff.delete(HOME);
  });
});
