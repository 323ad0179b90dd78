import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import {
  type RestoreTestRecord,
  type RestoreTestRequest,
  restoreTestName,
} from "../../../functions/restore/contract.ts";
import { lastTests } from "../../../lib/operator/restore-test.ts";
import { backupId } from "../../../lib/sla/backups/catalogue.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";

const PLACE = "eu-central-1";
const BACKUP = backupId("acme", Date.parse("2026-11-21T03:00:00Z"));
const test = (trigger: RestoreTestRequest["trigger"], at: string) =>
  restoreTestName({ instance: "acme", backup: BACKUP, trigger }, new Date(at));

describe("the name of a restore test", () => {
  it("is the same for every pass of a day, so that one begins only once", () => {
    const morning = test("schedule", "2026-11-21T10:00:00Z");
    expect(test("schedule", "2026-11-21T10:15:00Z")).toBe(morning);
    expect(test("schedule", "2026-11-22T10:00:00Z")).not.toBe(morning);
  });

  it("is another whenever a person asks", () => {
    const first = test("person", "2026-11-21T10:00:00.000Z");
    expect(test("person", "2026-11-21T10:00:00.900Z")).not.toBe(first);
    expect(first.length).toBeLessThanOrEqual(80);
  });
});

describe("the last test of a place", () => {
  const ledgers = new MemoryLedgers();
  const access = {
    ledgers: (site: string) => ledgers.at(site),
    fleet: fleetOf([instance("acme")]),
  };
  const ended = (trigger: RestoreTestRequest["trigger"], from: string, endedAt: string) => {
    const name = test(trigger, from);
    const record: Partial<RestoreTestRecord> = { test: name, region: PLACE, endedAt };
    ledgers.at(PLACE).put(keys.restore("acme", name, "record"), record);
  };
  const last = async () =>
    (await lastTests(access, instance("acme"))).records.map(({ endedAt }) => endedAt);

  it("is the one that ended last, whoever began it", async () => {
    expect(await last()).toEqual([]);
    ended("schedule", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z");
    ended("person", "2026-11-21T01:00:00Z", "2026-11-21T02:00:00Z");
    expect(await last()).toEqual(["2026-11-21T02:00:00Z"]);
    ended("schedule", "2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z");
    expect(await last()).toEqual(["2026-11-21T11:00:00Z"]);
  });
});
