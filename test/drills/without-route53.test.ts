import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Flag } from "../../functions/flag/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { ledgerOf } from "../../lib/drill/witness.ts";
import { drill, eventsOf, onStage, unmet } from "./rehearsal.ts";

const STANDBY = "eu-central-1";
const CONTROL = "eu-west-1";

describe("a failover while the API of Route 53 is gone, and its return", () => {
  let stage: Stage;
  let result: DrillResult;

  beforeAll(async () => {
    // Three checkers' looks and several payers' rounds besides the failover: room for a busy machine.
    stage = await onStage("examples/fleet.yaml", 20);
    result = await drill(stage, "kill", "acme", ["route53"]);
  }, 300_000);
  afterAll(() => stage?.close());

  it("keeps its promise, and DNS is held while the records are written", () => {
    expect(unmet(result)).toEqual([]);
    expect(result).toMatchObject({
      ok: true,
      debts: [],
      dns: { flippedBy: "stop", neighboursMoved: 0, heldWhileRepaid: true },
    });
  });

  it("writes both records in one change, before the flag is lowered", async () => {
    const [written, ...more] = eventsOf(stage, "route53", "RecordsChanged").filter(
      ({ at }) => at >= Date.parse(result.timeline[0]?.at ?? ""),
    );
    // Another site may have written the same before it heard of this change.
    expect(more.length).toBeLessThan(2);
    expect(written?.detail["changes"]).toHaveLength(4);
    const flag = await ledgerOf(stage, STANDBY).read<Flag>(keys.flag("acme"));
    expect(flag).toMatchObject({ state: "lowered" });
    expect(Date.parse(flag?.since ?? "")).toBeGreaterThan(written?.at ?? Number.POSITIVE_INFINITY);
  });

  it("ends with a check that is healthy, a debt that is paid in both ledgers, and one mail each", async () => {
    const health = eventsOf(stage, "route53", "HealthChanged").map(
      ({ detail }) => detail["healthy"],
    );
    expect(health.at(-1)).toBe(true);
    for (const region of [STANDBY, CONTROL]) {
      const debt = await ledgerOf(stage, region).read(keys.debt("acme", "records"));
      expect(debt).toMatchObject({ state: "paid" });
    }
    const told = result.mails.filter(({ subject }) => /DNS records written/.test(subject));
    expect(told.map(({ to }) => to).toSorted()).toEqual(["it@acme.example", "ops@mintsys.example"]);
  });
});
