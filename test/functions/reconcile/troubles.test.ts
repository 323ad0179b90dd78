import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../../functions/reconcile/contract.ts";
import {
  fullIn,
  refusals,
  refusedIn,
  told,
  withoutRoom,
} from "../../../functions/reconcile/troubles.ts";
import type { Finding } from "../../../lib/sla/backups/action.ts";
import { shelved, tagsOf } from "../../../lib/sla/backups/catalogue.ts";

const REGION = "eu-west-1";
const AT = "2026-11-21T10:00:00.000Z";
const TICK = "2026-11-21T04:00:00.000Z";
const LATER = "2026-11-21T11:00:00.000Z";

const finding = (kind: Finding["kind"], rest: Partial<Finding> = {}): Finding => ({
  ...{ kind, instance: "acme", region: REGION, detail: "something is wrong", patienceMs: 0 },
  ...rest,
});
const state = (troubles: ShelfState["troubles"]): ShelfState => ({
  ...{ at: AT, fleet: "fleet/1.json", instances: {}, troubles },
});

describe("a trouble", () => {
  it("is told once it has lasted, once, and once more when it is over", () => {
    const late = finding("copy-late", { patienceMs: 3_600_000 });
    const first = told([late], undefined, REGION, AT);
    expect(first.notices).toEqual([]);
    const second = told([late], state(first.troubles), REGION, LATER);
    expect(second.notices.map(({ kind }) => kind)).toEqual(["backups-troubled"]);
    const third = told([late], state(second.troubles), REGION, LATER);
    expect(third.notices).toEqual([]);
    const [well] = told([], state(third.troubles), REGION, LATER).notices;
    expect(well).toMatchObject({ kind: "backups-well" });
    expect(well?.lines.at(-1)).toBe("Nothing needs to be done.");
    // The same incident, so that whoever reads the second mail finds the first.
    expect(well?.incident).toBe(second.notices[0]?.incident);
  });

  it("that is over before it has lasted is not told at all", () => {
    const late = finding("copy-late", { patienceMs: 3_600_000 });
    const { troubles } = told([late], undefined, REGION, AT);
    expect(told([], state(troubles), REGION, LATER).notices).toEqual([]);
  });

  it.each([
    ["backup-late", /^npx sla backups acme --now$/],
    ["backups-stopped", /^npx sla backups acme --now$/],
    ["copy-late", /^npx sla backups acme --now$/],
    ["deletions-held", /^npx sla backups acme --allow-deletions 12 --reason '…'$/],
    ["place-silent", /it heals by itself/],
    ["tags-lost", /^npx sla backups acme --now$/],
    ["tags-repaired", /^npx sla backups acme --now$/],
    ["of-old-primary", /delete it by hand/],
    ["stranger", /back into the fleet/],
    ["roles-unknown", /^npx cdk deploy Sla-eu-west-1$/],
    ["logs-late", /^npx sla backups acme --now$/],
    ["logs-refused", /^npx sla backups acme --now$/],
    [
      "logs-not-kept",
      /^aws rds modify-db-instance --region eu-west-1 --db-instance-identifier acme-db --backup-retention-period 7$/,
    ],
    ["refused", /^npx sla backups acme --now$/],
  ] as const)("%s says what it means and what to do next", (kind, next) => {
    const [notice] = told(
      [finding(kind, { deletions: 12, database: "acme-db" })],
      undefined,
      REGION,
      AT,
    ).notices;
    expect(notice?.lines[0]).toBe("acme in eu-west-1: something is wrong.");
    expect(notice?.lines.at(-2)).toMatch(next);
    expect(notice?.lines.at(-1)).toBe("Runbook: docs/runbook.md#backups-troubled");
  });
});

describe("what RDS refuses", () => {
  const at = { instance: "acme", region: REGION, because: "it is due" };
  const source = { region: "eu-central-2", database: "acme-db" };
  const outcome = { id: "acme-db", answer: "refused", said: "no" } as const;

  it("of logs is no reason for copies of the instance to come last", () => {
    const ship = { kind: "ship-logs", ...at, id: "acme-db", source, days: 8 } as const;
    const found = refusals([{ action: ship, outcome }]);
    expect(found).toMatchObject([{ kind: "logs-refused", detail: "ship-logs acme-db: no" }]);
    const { troubles } = told(found, undefined, REGION, AT);
    expect([...refusedIn(state(troubles))]).toEqual([]);
  });

  it("of a backup is one", () => {
    const take = { kind: "take", ...at, ...source, id: "sla-1", tickMs: 0, epoch: 1 } as const;
    const found = refusals([{ action: { ...take, schedules: ["daily"] }, outcome }]);
    const { troubles } = told(found, undefined, REGION, AT);
    expect([...refusedIn(state(troubles))]).toEqual(["acme"]);
  });

  it.each([
    ["SnapshotQuotaExceeded", ["acme"]],
    ["SnapshotQuotaExceededFault: Cannot create more than 100 manual snapshots", ["acme"]],
    ["SnapshotQuotaExceededFault: Cannot copy more than 20 snapshots across regions", []],
    ["KMSKeyNotAccessibleFault: the key is disabled", []],
  ])("is for want of room or not: %s", (said, full) => {
    const copy = {
      kind: "copy",
      from: "eu-central-2",
      to: REGION,
      because: "it lacks it",
    } as const;
    const backup = shelved({
      ...{ id: "sla-acme-20261121t040000z", region: "eu-central-2", status: "available" },
      isCopy: false,
      tags: tagsOf({ instance: "acme", schedules: ["daily"], tickMs: Date.parse(TICK) }),
    });
    if (!backup) throw new Error("it is one of ours");
    const refused = { id: backup.id, answer: "refused", said } as const;
    const found = withoutRoom([{ action: { ...copy, backup }, outcome: refused }]);
    expect(found).toEqual(full);
    const known = new Map(full.map((instance) => [instance, Date.parse(AT)]));
    expect(fullIn({ ...state([]), full: found })).toEqual(known);
  });
});
