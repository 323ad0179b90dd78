import { describe, expect, it } from "vitest";
import type { Call } from "../../../functions/oncall/contract.ts";
import { acknowledge } from "../../../lib/operator/acknowledge.ts";
import { fleetStatus } from "../../../lib/operator/fleet-status.ts";
import { gather } from "../../../lib/operator/gather.ts";
import { statusLines } from "../../../lib/operator/status-lines.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "../../fakes/operator-access.ts";

const ID = "20261121100000000";

const call = (instance: string, changes: Partial<Call> = {}): Call => ({
  ...{ instance, id: ID, incident: ID, title: "incident opened", lines: ["It is down."] },
  ...{ asked: ["ops@orchard.example"], withIncident: true, endedBy: ["incident-closed"] },
  ...{ openedAt: "2026-11-21T10:00:00.000Z", called: [], over: false },
  ...changes,
});

function bureau(...calls: readonly Call[]) {
  const made = new Bureau();
  for (const each of calls) {
    made.memory.at(STANDBY).put(`calls/${each.instance}/${each.id}.json`, each);
  }
  return made;
}

const wish = { id: ID, reason: "on it" };
const statusOf = async (made: Bureau) => fleetStatus(made.fleet, await gather(made));

describe("sla ack", () => {
  it("lies in every ledger, with who and why, and the first stands", async () => {
    const made = bureau(call("acme"));
    const { record, untold } = await acknowledge(made, wish);
    expect([record.by, untold]).toEqual([made.caller, []]);
    for (const site of [HOME, STANDBY, CONTROL]) {
      expect(made.memory.at(site).peek(`acks/acme/${ID}.json`)).toEqual(record);
    }
    await expect(acknowledge(made, { ...wish, by: "bob" })).rejects.toThrow(
      `acme: ${made.caller} has acknowledged it at ${record.at}: on it`,
    );
  });

  it("says beside the credentials on whose behalf, and which ledger does not know", async () => {
    const made = bureau(call("acme"));
    made.memory.cutOff(HOME);
    const { record, untold } = await acknowledge(made, { ...wish, by: "ann" });
    expect([record.by, untold]).toEqual([`ann (${made.caller})`, [HOME]]);
  });

  it.each([
    ["what nobody is called for", [], {}, /nobody is called for '2026.*no call is open/],
    ["another's", [call("acme")], { instance: "dale" }, /of dale; open: 20261121100000000 of acme/],
    ["one of two of that name", [call("acme"), call("dale")], {}, /acme, dale.*--instance/],
    ["what is over", [call("acme", { over: true })], {}, /is over: nobody is called/],
  ] as const)("refuses %s", async (_, calls, more, expected) => {
    await expect(acknowledge(bureau(...calls), { ...wish, ...more })).rejects.toThrow(expected);
  });

  it("refuses to guess when no ledger answers", async () => {
    const made = bureau(call("acme"));
    for (const site of [HOME, STANDBY, CONTROL]) made.memory.cutOff(site);
    await expect(acknowledge(made, wish)).rejects.toThrow("no ledger answers");
  });
});

describe("sla status", () => {
  it("says who was called and how to acknowledge, then who takes care, then nothing", async () => {
    const called = [{ contact: "ann@ops.example", at: "2026-11-21T10:05:00.000Z" }];
    const made = bureau(call("acme", { called }));
    const before = await statusOf(made);
    expect(before).toMatchObject({ ok: false, calls: [{ instance: "acme", id: ID }] });
    const text = (lines: readonly string[]) => lines.join(" ").replaceAll(/\s+/g, " ");
    expect(text(statusLines(before, false))).toContain(
      `ann@ops.example was called at 2026-11-21T10:05:00Z: sla ack ${ID} --instance acme`,
    );
    await acknowledge(made, wish);
    const taken = await statusOf(made);
    expect(taken.ok).toBe(true);
    expect(text(statusLines(taken, false))).toContain("takes care of it: on it");
    expect(statusLines(taken, false).filter((line) => line.length > 80)).toEqual([]);
    made.memory.at(STANDBY).put(`calls/acme/${ID}.json`, call("acme", { over: true }));
    expect((await statusOf(made)).calls).toEqual([]);
  });
});
