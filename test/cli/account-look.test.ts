import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteSecretCommand,
  ReplicateSecretToRegionsCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { LiveRecord } from "../../functions/live/contract.ts";
import { mailed } from "../drills/rehearsal.ts";
import { onHarbour } from "./on-harbour.ts";

const LONG = { timeout: 240_000 };
const [HOME, FAR] = ["eu-south-2", "eu-west-3"] as const;
const OPERATOR = "watch@harbour.example";

describe("the daily look at the account, on a cloud with real functions", () => {
  const harbour = onHarbour();

  /** Now, as a person would ask for it. */
  async function look(): Promise<LiveRecord> {
    const { cloud, fleet } = harbour.stage;
    const { credentials } = cloud.ground;
    const client = new LambdaClient({ region: fleet.control, endpoint: cloud.url, credentials });
    const Payload = JSON.stringify({ now: true });
    const said = await client.send(new InvokeCommand({ FunctionName: "sla-live", Payload }));
    const text = Buffer.from(said.Payload ?? []).toString();
    if (said.FunctionError !== undefined) throw new Error(text);
    return JSON.parse(text) as LiveRecord;
  }

  const secretsIn = ({ findings }: LiveRecord) =>
    findings.flatMap(({ area, says }) => (area === "secrets" ? [says] : []));

  it(
    "sees every endpoint and database, and that nobody has bootstrapped this account",
    LONG,
    async () => {
      const { findings, unlooked, tls } = await look();
      expect(unlooked.map(({ area, about, why }) => `${area} of ${about}: ${why}`)).toEqual([]);
      const areas = findings.map(({ area }) => area);
      expect(areas).toContain("bootstrap");
      expect(areas.filter((area) => ["names", "secrets", "subscriptions"].includes(area))).toEqual(
        [],
      );
      expect(Object.values(tls).map(({ grade }) => grade)).not.toContain("T");
      expect(await mailed(harbour.stage, /THE ACCOUNT HAS DRIFTED/, OPERATOR)).toBeDefined();
    },
  );

  it("tells what somebody has changed, shows it, and tells that it is mended", LONG, async () => {
    const secrets = (region: string) => harbour.stage.estate.aws.secrets(region);
    await secrets(FAR).send(
      new DeleteSecretCommand({ SecretId: "harbour/tern", ForceDeleteWithoutRecovery: true }),
    );
    expect(secretsIn(await look())).toEqual([`${FAR} has no secret harbour/tern`]);
    const { stdout } = await harbour.sla("status");
    expect(stdout).toContain("npx sla check --live");
    await secrets(HOME).send(
      new ReplicateSecretToRegionsCommand({
        ...{ SecretId: "harbour/tern", AddReplicaRegions: [{ Region: FAR }] },
      }),
    );
    expect(secretsIn(await look())).toEqual([]);
    expect(await mailed(harbour.stage, /the account is mended/, OPERATOR)).toBeDefined();
  });
});
