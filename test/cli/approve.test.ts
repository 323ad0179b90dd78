import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseFault, chooseVictim } from "../../lib/drill/options.ts";
import { sceneOf } from "../../lib/drill/scene.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { everyVantageSawHealthy } from "../../lib/drill/witness.ts";
import { eventsOf, mailed, onStage } from "../drills/rehearsal.ts";
import { HARBOUR, slaIn } from "./sla.ts";

const PACE = 30;
const LONG = { timeout: 120_000 };

/** Both of the harbour have a standby, and both ask before they are failed over. */
const asking = (harbour: string) =>
  harbour
    .replace("contacts: [tern@", "failover: approval\n    contacts: [tern@")
    .replace("contacts: [gull@", "failover: approval\n    contacts: [gull@")
    .replace(
      "database: { primary: gull-1,",
      "standby: eu-south-2\n    database: { primary: gull-1, standby: gull-2,",
    )
    .replace("home: gull-ie.lb.example", "home: gull-ie.lb.example, standby: gull-es.lb.example")
    .replace("rpoSeconds: 5m, rtoSeconds: 23m", "rpoSeconds: 20m, rtoSeconds: 60m")
    .replace("multiAz:", "approval: { withinSeconds: 30m }\n    multiAz:");

describe("a person at a terminal, asked whether a failover may go on", () => {
  let stage: Stage;
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "approve-"));
  const fleet = join(directory, "fleet.yaml");
  const approve = (id: string, ...args: readonly string[]) =>
    slaIn(env, "approve", id, "--reason", "a rehearsal", ...args, "--fleet", fleet);

  beforeAll(async () => {
    writeFileSync(fleet, asking(readFileSync(HARBOUR, "utf8")));
    stage = await onStage(fleet, PACE);
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
    await everyVantageSawHealthy(stage, () => {});
  }, 150_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  const killed = async (id: string) => {
    const victim = chooseVictim(stage.fleet, id);
    await chooseFault("kill").inject(sceneOf(stage.cloud, stage.estate, stage.fleet, victim));
    await mailed(stage, new RegExp(`${id}.*APPROVE THE FAILOVER`));
  };
  const touched = (id: string) =>
    ["ModifyDBInstance", "PromoteReadReplica"]
      .flatMap((operation) => eventsOf(stage, "rds", operation))
      .filter(({ detail }) => [`${id}-1`, `${id}-2`].includes(`${detail["DBInstanceIdentifier"]}`));

  it(
    "is told in one line that nothing waits, and of an instance that there is not",
    LONG,
    async () => {
      const nothing = await approve("tern");
      expect(nothing).toMatchObject({ exitCode: 2, stdout: "" });
      expect(nothing.stderr).toMatch(
        /^sla: tern: no failover has the lock, and no recovery: none is running; see sla status\n$/,
      );
      const strange = await approve("heron");
      expect(strange).toMatchObject({ exitCode: 2, stdout: "" });
      expect(strange.stderr).toMatch(/^sla: .*'heron'.*\n$/);
    },
  );

  it("refuses, and nothing is touched", LONG, async () => {
    const before = touched("gull").length;
    await killed("gull");
    const refused = await approve("gull", "--refuse");
    expect(refused, refused.stderr).toMatchObject({ exitCode: 0, stderr: "" });
    expect(refused.stdout).toMatch(/^refused fo-gull-e1-\d+ in eu-south-2$/m);
    expect(refused.stdout).toMatch(/^halted: HaltRefused: /m);
    expect(touched("gull")).toHaveLength(before);
    const again = await approve("gull");
    expect(again).toMatchObject({ exitCode: 2, stdout: "" });
    expect(again.stderr.trim().split("\n")).toHaveLength(1);
  });

  it(
    "approves, and it goes on to its end; who answers as well is told who was first",
    LONG,
    async () => {
      await killed("tern");
      const both = await Promise.all([approve("tern"), approve("tern")]);
      const [first, second] = both.toSorted((a, b) => a.exitCode - b.exitCode);
      expect(first, first?.stderr).toMatchObject({ exitCode: 0, stderr: "" });
      expect(first?.stdout).toMatch(/^approved fo-tern-e1-\d+ in eu-west-1$/m);
      expect(first?.stdout.trim().split("\n").at(-1)).toBe("tern: done");
      expect(eventsOf(stage, "rds", "PromoteReadReplica")).toHaveLength(1);
      expect(second, second?.stderr).toMatchObject({ exitCode: 2, stdout: "" });
      expect(second?.stderr).toMatch(
        /^sla: tern: already approved by arn:\S+ at \S+: a rehearsal\n$/,
      );
    },
  );
});
