import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { HookEvent } from "../../functions/webhook/contract.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { onStage } from "../drills/rehearsal.ts";
import { Receiver, taken } from "../functions/webhook/receiver.ts";
import { verify } from "../functions/webhook/verifier.ts";
import { HARBOUR, slaIn } from "./sla.ts";

/** Waits for AWS are divided by it, too: much faster is no machine that has other things to do. */
const PACE = 2;
const LONG = { timeout: 180_000 };
const SITES = ["eu-south-2", "eu-west-1", "eu-west-3"];
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

describe("a webhook of the harbour's, on the local cloud", () => {
  let stage: Stage;
  let receiver: Receiver;
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "webhook-"));
  const fleet = join(directory, "fleet.yaml");
  const webhook = (verb: string, ...args: readonly string[]) =>
    slaIn(env, "webhook", verb, "desk", ...args, "--fleet", fleet);
  const events = () => receiver.came.map(({ body }) => JSON.parse(body) as HookEvent);

  beforeAll(async () => {
    receiver = await new Receiver().open();
    const hook = `{ name: desk, url: "${receiver.url}", secret: harbour/desk }`;
    const harbour = readFileSync(HARBOUR, "utf8");
    writeFileSync(fleet, harbour.replace("provider:\n", `provider:\n  webhooks: [${hook}]\n`));
    stage = await onStage(fleet, PACE);
    const { accessKeyId, secretAccessKey } = stage.cloud.ground.credentials;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      SLA_PACE: String(PACE),
    };
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await receiver?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  it("is tested from every site; without a secret each says what is missing", LONG, async () => {
    const without = await webhook("test");
    expect(without.stdout).toContain("Secrets Manager can't find");
    expect(without.exitCode).toBe(1);
    const credentials = stage.cloud.ground.credentials;
    for (const region of SITES) {
      const client = new SecretsManagerClient({ region, endpoint: stage.cloud.url, credentials });
      await client.send(new CreateSecretCommand({ Name: "harbour/desk", SecretString: SECRET }));
    }
    const { stdout, exitCode } = await webhook("test");
    expect(stdout.trim().split("\n").toSorted()).toEqual(
      SITES.map((site) => `${site}: taken, 204`),
    );
    expect(exitCode).toBe(0);
    expect(events().map(({ type }) => type)).toEqual(["test", "test", "test"]);
  });

  it("gets what the provider is mailed, signed, also if it refuses at first", LONG, async () => {
    receiver.came.length = 0;
    let refused = 0;
    receiver.answers = (...answering) => {
      const [response] = answering;
      if (refused++ < 1) response.writeHead(503).end("not now");
      else taken(...answering);
    };
    const from = new Date(Date.now() + 3 * 3600_000).toISOString();
    const added = await slaIn(
      env,
      ...["maintenance", "add", "--all", "--from", from, "--for", "30m", "--reason", "disks"],
      ...["--yes", "--fleet", fleet],
    );
    expect(added.stderr).toBe("");
    await vi.waitUntil(() => receiver.came.length >= 2, { timeout: 90_000, interval: 50 });
    const [first, second] = receiver.came;
    expect(second?.headers["webhook-id"]).toBeDefined();
    const at = Number(first?.headers["webhook-timestamp"]);
    expect(verify(first?.headers as Record<string, string>, first?.body ?? "", SECRET, at)).toBe(
      true,
    );
    expect(new Set(events().map(({ type }) => type))).toEqual(new Set(["maintenance-announced"]));
    await vi.waitUntil(async () => /nothing waits/.test((await webhook("list")).stdout), {
      ...{ timeout: 90_000, interval: 500 },
    });
    const status = await slaIn(env, "status", "--json", "--fleet", fleet);
    expect(JSON.parse(status.stdout).webhooks).toEqual([
      { webhook: "desk", stuck: false, waiting: 0, givenUp: 0, unread: 0 },
    ]);
  });

  it("gets an event anew that somebody names, and says which it does not know", LONG, async () => {
    const [known] = events();
    receiver.came.length = 0;
    const { stderr, exitCode } = await webhook("redeliver", "nonsense");
    expect(stderr).toContain("no event of desk: nonsense");
    expect(exitCode).toBe(2);
    expect((await webhook("redeliver", known?.id ?? "")).exitCode).toBe(0);
    await vi.waitUntil(() => receiver.came.length > 0, { timeout: 60_000, interval: 50 });
    expect(events()[0]).toEqual(known);
  });
});
