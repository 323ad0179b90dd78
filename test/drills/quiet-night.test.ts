import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stage } from "../../lib/drill/stage.ts";
import { everyVantageSawHealthy } from "../../lib/drill/witness.ts";
import { eventsOf, lookOn, onStage, unmet } from "./rehearsal.ts";

const PACE = 60;
/** The RTO of tern's plan, divided: it has to pass in full. */
const DEADLINE_SECONDS = (23 * 60) / PACE;

describe("a fault that must not move anything", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await onStage("test/fixtures/harbour-fleet.yaml", PACE);
    await everyVantageSawHealthy(stage, () => {});
  }, 150_000);
  afterAll(() => stage?.close());

  it("lets one blind vantage alarm nobody and promote nothing", { timeout: 60_000 }, async () => {
    const [night] = await lookOn(stage, DEADLINE_SECONDS, ["blind-vantage", "tern"]);
    expect(night && unmet(night)).toEqual([]);
    expect(night).toMatchObject({ ok: true, expected: "nothing", promoted: false, mails: [] });
    expect(night?.deadlineSeconds).toBe(DEADLINE_SECONDS);
    expect(eventsOf(stage, "states", "StartExecution")).toEqual([]);
  });

  // The first vantage is still blind: the other two are the majority that sees what is down.
  it("alerts, and promotes nothing, for a dead application and for a database without standby", {
    timeout: 60_000,
  }, async () => {
    const [application, database] = await lookOn(
      stage,
      DEADLINE_SECONDS,
      ["app-down", "tern"],
      ["kill", "gull"],
    );
    expect(application && unmet(application)).toEqual([]);
    expect(application).toMatchObject({ ok: true, expected: "alert", promoted: false });
    // gull is sold hours: the watch is shorter than its divided RTO, all else holds.
    expect(database && unmet(database)).toEqual([
      expect.stringMatching(/^the run watched for at least the divided RTO: \d+\.\d+ s$/),
    ]);
    const subjects = application?.mails.map(({ subject }) => subject) ?? [];
    expect(subjects.some((subject) => /tern/.test(subject))).toBe(true);
    expect(subjects.some((subject) => /gull/.test(subject))).toBe(true);
    expect(eventsOf(stage, "states", "StartExecution")).toEqual([]);
    expect(eventsOf(stage, "rds", "PromoteReadReplica")).toEqual([]);
    // The standby's retention is set before anything happens; a fence would change a primary.
    const changed = eventsOf(stage, "rds", "ModifyDBInstance").map(
      ({ detail }) => detail["DBInstanceIdentifier"],
    );
    expect(changed).toEqual(["tern-2"]);
  });
});
