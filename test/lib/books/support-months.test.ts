import { describe, expect, it, test } from "vitest";
import { monthJson } from "../../../lib/books/month-report-json.ts";
import { supportWords } from "../../../lib/books/support-months.ts";
import { cloudworkz } from "../../../lib/sla/presets/cloudworkz.ts";
import { monthReport, wholeLines } from "../../fakes/whole-month.ts";
import { at, CONTROL, MIRROR, SupportDesk } from "../../functions/support/desk.ts";

/** A report of June, made on the second at 10:00 UTC, on two tickets of acme's that were due at 09:00. */
async function june(plans = {}) {
  const desk = new SupportDesk();
  await desk.say("HD-1", desk.opened);
  await desk.say("HD-2", desk.opened);
  await desk.say("HD-1", { kind: "replied" });
  await desk.at("10:00");
  desk.memory.at(CONTROL).remove("tickets/acme/HD-2.json");
  const span = { fromMs: Date.parse("2026-06-01T00:00Z"), toMs: Date.parse("2026-06-02T10:00Z") };
  const now = () => desk.clock.now().getTime();
  const { instances } = desk.fleet;
  const part = { beganMs: span.fromMs, endedMs: span.toMs };
  const wish = { month: "2026-06", part, instances, now };
  const report = () =>
    monthReport(wish, { ...desk.fleet, plans: { ...desk.fleet.plans, ...plans } }, [
      desk.memory.at(CONTROL),
      desk.memory.at(MIRROR),
    ]);
  return { desk, report };
}

describe("support in a month's report", () => {
  it("counts each ticket once, whichever ledger has it", async () => {
    const { report } = await june();
    const found = await report();
    expect(found.instances.map(monthJson)[0]?.support).toEqual({
      ...{
        tickets: 2,
        carriedOver: 0,
        promised: 2,
        inTime: 1,
        missed: 1,
        waiting: 0,
        withdrawn: 0,
      },
      ...{ hearsay: 0, lowered: 0, worst: { ticket: "HD-2", lateMinutes: 60 } },
    });
    expect(wholeLines(found).join("\n").replaceAll(/\n +/g, " ")).toContain(
      "support    2 tickets, replies promised to 2, 1 in time, 1 MISSED (HD-2 by 60 min)",
    );
  });

  it("is the same whenever it is made, once the month is over", async () => {
    const { desk, report } = await june();
    const found = (await report()).instances.map(monthJson);
    await desk.at("10:20");
    await desk.say("HD-2", { kind: "replied" }, at("08:00"));
    await desk.say("HD-3", desk.opened, at("08:30"));
    expect((await report()).instances.map(monthJson)).toEqual(found);
  });

  it("names what nobody can read, or what lies where it does not belong", async () => {
    const { desk, report } = await june();
    desk.memory
      .at(CONTROL)
      .put("tickets/acme/HD-3.json", { instance: "acme", id: "HD-1", events: [] });
    desk.memory.at(CONTROL).put("tickets/acme/HD-4.json", "?");
    const { evidence } = await report();
    expect(evidence.unreadable).toEqual(["tickets/acme/HD-3.json", "tickets/acme/HD-4.json"]);
  });

  it("is no part of it where no replies were sold", async () => {
    const { report } = await june({ "cloudpepper-high": cloudworkz });
    expect((await report()).instances.map(monthJson)[0]).not.toHaveProperty("support");
  });

  it("is not settled while a ledger is silent", async () => {
    const { desk, report } = await june();
    desk.memory.cutOff(MIRROR);
    await expect(report()).rejects.toMatchObject({ code: "CloudUnreachable" });
  });

  const NONE = {
    tickets: 0,
    carriedOver: 0,
    promised: 0,
    inTime: 0,
    missed: 0,
    waiting: 0,
    withdrawn: 0,
  };
  test.for([
    ["no tickets", {}],
    ["1 ticket, replies promised to 0, 0 in time, none missed", { tickets: 1 }],
    [
      "3 tickets, replies promised to 3, 1 in time, none missed, 1 not due yet, 1 withdrawn, 1 recorded too late",
      { tickets: 3, promised: 3, inTime: 1, waiting: 1, withdrawn: 1, hearsay: 1 },
    ],
  ] as const)("says: %s", ([expected, some]) => {
    expect(supportWords({ ...NONE, hearsay: 0, lowered: 0, worst: null, ...some })).toBe(expected);
  });
});
