import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PreparedRecord } from "../../functions/prepared/contract.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { ledgerOf } from "../../lib/drill/witness.ts";
import type { FleetStatus } from "../../lib/operator/fleet-status.ts";
import { eventsOf, mailed, onStage } from "../drills/rehearsal.ts";
import { withBackups } from "./harbour-backups.ts";
import { HARBOUR, slaIn } from "./sla.ts";

const PACE = 60;
const LONG = { timeout: 240_000 };
const [HOME, FAR] = ["eu-south-2", "eu-west-3"] as const;
const OPERATOR = "watch@harbour.example";

describe("what a recovery would need, on a cloud with real functions", () => {
  let stage: Stage;
  let fleet = "";
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "prepared-"));
  const rds = (region: string) => stage.estate.aws.rds(region);
  const secrets = (region: string) => stage.estate.aws.secrets(region);

  beforeAll(async () => {
    fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, withBackups(readFileSync(HARBOUR, "utf8")));
    stage = await onStage(fleet, PACE);
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  const read = (region: string) =>
    ledgerOf(stage, region).read<PreparedRecord>(`prepared/${region}.json`);
  /** Now, as a person would ask for it. */
  const look = async (region: string) => {
    const { credentials } = stage.cloud.ground;
    const client = new LambdaClient({ region, endpoint: stage.cloud.url, credentials });
    const command = new InvokeCommand({ FunctionName: "sla-prepared" });
    const { FunctionError, Payload } = await client.send(command);
    const said = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(said);
    return JSON.parse(said) as PreparedRecord;
  };
  const preparedness = async () => {
    const { stdout } = await slaIn(env, "status", "--json", "--fleet", fleet);
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
      eventsOf(stage, "scheduler", "Fired").some(
        (event) => event.region === region && event.detail["schedule"] === "sla-prepared",
      );
    for (const region of Object.keys(stage.fleet.sites)) {
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
    expect(await mailed(stage, /eu-west-3: NOT PREPARED FOR A RECOVERY/, OPERATOR)).toBeDefined();
    const { stdout, exitCode } = await slaIn(env, "status", "--fleet", fleet);
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
    expect(await mailed(stage, /eu-west-3: prepared for a recovery again/, OPERATOR)).toBeDefined();
    expect((await preparedness()).find(({ region }) => region === FAR)?.lacks).toEqual([]);
  });

  it("is not known of a login that is no login, and its text is nowhere", LONG, async () => {
    const SecretString = "not-json-but-a-password";
    await secrets(HOME).send(new PutSecretValueCommand({ SecretId: "harbour/tern", SecretString }));
    const { lacks } = await look(FAR);
    expect(lacks).toMatchObject([{ kind: "secret", about: "harbour/tern" }]);
    expect(JSON.stringify([lacks, stage.cloud.ground.log.all()])).not.toContain(SecretString);
  });

  it("goes on lacking while the region of the primary is lost", LONG, async () => {
    stage.cloud.services.stopSchedules();
    await set(HOME, "600");
    expect((await look(FAR)).lacks).toHaveLength(2);
    stage.cloud.ground.cutOff.add(HOME);
    const { lacks, unknown } = await look(FAR);
    expect(lacks.map(({ kind }) => kind).toSorted()).toEqual(["parameter-values", "secret"]);
    expect(new Set(unknown.map(({ region }) => region))).toEqual(new Set([HOME]));
    stage.cloud.ground.cutOff.delete(HOME);
  });
});
