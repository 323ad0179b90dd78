import { createHash } from "node:crypto";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { synthesize } from "../../lib/drill/synthesis.ts";
import { fleetHash } from "../../lib/fleet/hash.ts";
import type { CloudEvent } from "../../lib/local-cloud/event-log.ts";
import { livelihoods } from "./livelihoods.ts";
import { drill, eventsOf, onStage, unmet } from "./rehearsal.ts";
import { StaleClient } from "./stale-client.ts";

const rootOf = ({ trace = "" }: CloudEvent) => /Root=([^;]+)/.exec(trace)?.[1];

describe("an old primary that comes back after the promotion", () => {
  let stage: Stage;
  let stale: StaleClient;
  /** Its rows are numbered downwards from −1: those up to this attempt were before the fault. */
  let opened = 0;
  let result: DrillResult;

  beforeAll(async () => {
    stage = await onStage("examples/fleet.yaml", 60);
    const [acme] = stage.fleet.instances;
    if (!acme) throw new Error("the example has no instance");
    stale = new StaleClient(stage, acme);
    // The way is open while nothing is broken: what is refused later is refused by the fence.
    await vi.waitUntil(() => stale.insert(), { timeout: 20_000 });
    opened = stale.attempts;
    stage.cloud.ground.log.listen(({ operation }) => {
      if (operation === "ServerRevived") stale.persist();
    });
    result = await drill(stage, "lazarus", "acme");
  }, 180_000);
  afterAll(async () => {
    await stale?.stop();
    await stage?.close();
  });

  it("costs no promise", () => {
    expect(unmet(result)).toEqual([]);
    expect(result).toMatchObject({ ok: true, expected: "failover", promoted: true });
    expect(result.writes.acknowledged).toBeGreaterThan(0);
  });

  it("is up again and acknowledges nothing to a client that keeps to its address", async () => {
    const before = stale.acknowledged;
    const [revived] = eventsOf(stage, "rds", "ServerRevived");
    const [rebooting] = eventsOf(stage, "rds", "StatusChanged").filter(
      ({ detail }) => detail["instance"] === "acme-db-standby" && detail["to"] === "rebooting",
    );
    expect(revived?.at).toBeGreaterThanOrEqual(rebooting?.at ?? Number.POSITIVE_INFINITY);
    await vi.waitUntil(() => stale.attempts >= opened + 4, { timeout: 10_000 });
    expect(stale.acknowledged).toBe(before);
    expect(result.writes.acknowledgedByOldPrimaryAfterPromotion).toBe(0);

    const { rds } = stage.cloud.services;
    const [past] = await rds.adminQuery(
      "eu-central-2",
      "acme-db",
      "select pg_is_in_recovery() as standby, (select count(*)::int from drill_rows where id < $1) as late",
      [-opened],
    );
    expect(past).toEqual({ standby: false, late: 0 });
  });

  it("was left behind by transitions that all began with a scheduled watch", () => {
    const events = stage.cloud.ground.log.all();
    const begun = new Map(
      eventsOf(stage, "scheduler", "Fired")
        .filter(({ detail }) => /watch/.test(String(detail["schedule"])))
        .map((fired) => [rootOf(fired), fired.at]),
    );
    const transitions = events.filter(
      ({ service, operation, at }) =>
        at >= Date.parse(result.timeline[0]?.at ?? "") &&
        [
          "states:StartExecution",
          "rds:ModifyDBInstance",
          "rds:PromoteReadReplica",
          "route53:ChangeResourceRecordSets",
          "sns:Publish",
        ].includes(`${service}:${operation}`),
    );
    expect(new Set(transitions.map(({ operation }) => operation)).size).toBe(5);
    for (const transition of transitions) {
      const beganAt = begun.get(rootOf(transition));
      expect(beganAt, JSON.stringify(transition)).toBeLessThanOrEqual(transition.at);
    }
  });

  it("never touched a neighbour's records", () => {
    const names = eventsOf(stage, "route53", "RecordsChanged")
      .filter(({ at }) => at >= Date.parse(result.timeline[0]?.at ?? ""))
      .flatMap(({ detail }) => detail["changes"] as readonly { readonly name: string }[])
      .map(({ name }) => name.replace(/\.$/, ""));
    expect(new Set(names)).toEqual(new Set(["db.acme.example.ch", "acme.example.ch"]));
  });

  it("met the very bundles of cdk.out", () => {
    const made = globSync("asset.*/index.mjs", { cwd: stage.assembly }).map((file) =>
      createHash("sha256")
        .update(readFileSync(join(stage.assembly, file)))
        .digest("hex"),
    );
    const ran = result.bundles.map(({ function: name }) => name.split("/").at(-1));
    expect(ran).toEqual(expect.arrayContaining(["sla-watch", "sla-probe", "sla-failover-promote"]));
    for (const { sha256 } of result.bundles) expect(made).toContain(sha256);
  });

  // Last, because it replaces the functions that ran.
  it("changes nothing when a changed fleet is deployed afterwards", {
    timeout: 120_000,
  }, async () => {
    // Building a new standby changes roles, records and databases, too: that is over first.
    await vi.waitUntil(
      () =>
        eventsOf(stage, "states", "ExecutionSucceeded").some(
          ({ detail }) => detail["machine"] === "sla-reprotect",
        ),
      { timeout: 90_000 },
    );
    const before = await livelihoods(stage);
    const of = (id: string) => before.roles.filter(({ Key }) => Key === keys.roles(id)).length;
    // One version in each of three ledgers, a second and third wherever failover and new standby were told.
    expect(of("birch")).toBe(3);
    expect(of("acme")).toBe(9);
    expect(before.records.length).toBeGreaterThan(4);
    expect(before.databases.length).toBeGreaterThan(4);

    const { directory } = await synthesize(changedFleet());
    const { stacks } = await stage.cloud.services.deploy(directory);

    const published = stacks.flatMap(({ resources }) =>
      resources.flatMap(({ type, ref }) => (type === "Custom::SlaFleet" ? [ref] : [])),
    );
    expect(published).toEqual(Array(3).fill(published[0]));
    expect(published[0]).not.toBe(`fleet/${fleetHash(stage.fleet)}.json`);
    expect(await livelihoods(stage)).toEqual(before);
  });
});

/** The example with one contact more. */
function changedFleet(): string {
  const example = readFileSync("examples/fleet.yaml", "utf8");
  const changed = example.replace("[it@acme.example]", "[it@acme.example, cto@acme.example]");
  expect(changed).not.toBe(example);
  const directory = mkdtempSync(join(tmpdir(), "changed-fleet-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "fleet.yaml"), changed);
  return join(directory, "fleet.yaml");
}
