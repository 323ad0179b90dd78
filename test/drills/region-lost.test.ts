import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillResult } from "../../lib/drill/result.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { resolveNames } from "../../lib/drill/witness.ts";
import { drill, eventsOf, onStage, unmet } from "./rehearsal.ts";

const PACE = 60;
const [HOME, STANDBY, THIRD] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;

describe("home and standby lost for good, and a copy restored in a third site by a person", () => {
  let stage: Stage;
  let result: DrillResult;
  let before: ReadonlyMap<string, string>;

  beforeAll(async () => {
    stage = await onStage("examples/fleet.yaml", PACE);
    before = await resolveNames(stage);
    result = await drill(stage, "region-lost", "acme");
  }, 500_000);
  afterAll(() => stage?.close());

  it("keeps what the plan promises for a lost data center", () => {
    expect(unmet(result)).toEqual([]);
    expect(result.promised).toEqual({ rtoSeconds: 86_400, rpoSeconds: 86_400 });
    expect(result.measured.rtoSeconds).toBeLessThan(86_400 / PACE);
  });

  it("was begun by the command that a person types, told by a mail to acme's own contact", () => {
    expect(result.recovery?.command).toMatch(/^npx sla recover acme --reason drill /);
    const told = result.mails.find(({ subject }) =>
      /acme: .*a person has to recover/.test(subject),
    );
    expect(told?.to).toBe("it@acme.example");
  });

  it("came back with its application, from a backup, one epoch on", () => {
    expect(result.recovery).toMatchObject({
      ...{ region: THIRD, database: "acme-db-slar1", app: "acme-3.elb.example" },
      ...{ from: expect.stringMatching(/^backup sla-acme-/), rowsMissing: 0, epochs: [1, 2] },
      former: expect.arrayContaining([`acme-db (${HOME})`, `acme-db-standby (${STANDBY})`]),
    });
  });

  it("lost what was written after that backup, and nothing else", () => {
    const { writes, recovery } = result;
    expect(writes.lost).toBeGreaterThan(0);
    expect(recovery?.rows).toBeGreaterThan(0);
    expect(writes.acknowledgedByOldPrimaryAfterPromotion).toBe(0);
  });

  it("moved nobody else who lived there, and touched nothing in either lost region", async () => {
    const after = await resolveNames(stage);
    for (const other of ["birch", "cedar"]) expect(after.get(other)).toBe(before.get(other));
    const lostAt = Date.parse(result.timeline[0]?.at ?? "");
    const changes = ["ModifyDBInstance", "PromoteReadReplica", "RestoreDBInstanceFromDBSnapshot"]
      .flatMap((operation) => eventsOf(stage, "rds", operation))
      .filter(({ at }) => at >= lostAt);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.filter(({ region }) => region !== THIRD)).toEqual([]);
  });
});
