import { describe, expect, it, test } from "vitest";
import type { Said } from "../../../functions/support/say.ts";
import { readTicket, readTickets } from "../../../functions/support/tickets.ts";
import type { Ticket } from "../../../lib/sla/support/ticket.ts";
import { at, CONTROL, MIRROR, SupportDesk } from "./desk.ts";

const KEY = "tickets/acme/HD-1.json";
const NAME = { instance: "acme", id: "HD-1" };

describe("a ticket", () => {
  it("is written down in two ledgers, with what was promised", async () => {
    const desk = new SupportDesk();
    await desk.say("HD-1", desk.opened);
    const expected: Ticket = {
      ...NAME,
      events: [
        {
          ...{ kind: "opened", title: "mail stands still", priority: 2, id: "event-1" },
          ...{ at: "2026-06-02T07:00:00.000Z", recordedAt: "2026-06-02T07:00:00.000Z" },
          by: "somebody",
          promise: { due: "2026-06-02T09:00:00.000Z", warn: "2026-06-02T08:30:00.000Z" },
        },
      ],
    };
    expect(desk.memory.at(CONTROL).peek(KEY)).toEqual(expected);
    expect(desk.memory.at(MIRROR).peek(KEY)).toEqual(expected);
  });

  it("shows beside when something happened when it was recorded", async () => {
    const desk = new SupportDesk();
    await desk.say("HD-1", desk.opened);
    await desk.at("09:30");
    const { ticket } = await desk.say("HD-1", { kind: "replied" }, at("08:00"));
    expect(ticket.events[1]).toMatchObject({
      ...{ at: "2026-06-02T08:00:00.000Z", recordedAt: "2026-06-02T09:30:00.000Z" },
    });
  });

  it("is not opened twice by a helpdesk that says so twice", async () => {
    const desk = new SupportDesk();
    await desk.say("HD-1", desk.opened);
    await desk.at("07:05");
    const { ticket } = await desk.say("HD-1", desk.opened);
    expect(ticket.events).toHaveLength(1);
    const other: Said = { ...desk.opened, title: "something else" };
    await expect(desk.say("HD-1", other)).rejects.toThrow("is there already, opened 2026-06-02");
  });

  it("is not silently the one that was opened another way", async () => {
    const desk = new SupportDesk();
    await desk.say("HD-1", desk.opened, at("06:30"));
    await desk.at("07:05");
    expect((await desk.say("HD-1", desk.opened, at("06:30"))).ticket.events).toHaveLength(1);
    const was = "is there already, opened 2026-06-02T06:30:00.000Z as P2: choose another id";
    const paged: Said = { ...desk.opened, isPaged: true };
    await expect(desk.say("HD-1", paged)).rejects.toThrow(was);
    await expect(desk.say("HD-1", desk.opened, at("06:00"))).rejects.toThrow(was);
    await desk.say("HD-2", paged);
    await expect(desk.say("HD-2", desk.opened)).rejects.toThrow("as P2 with paging: choose");
  });

  it("that gets more urgent is due from then on, and one that gets less urgent from its beginning", async () => {
    const desk = new SupportDesk();
    await desk.say("HD-1", { ...desk.opened, priority: 4 });
    await desk.at("08:00");
    const change = { kind: "prioritised", reason: "seen it", isPaged: true } as const;
    const up = await desk.say("HD-1", { ...change, priority: 1 });
    expect(up.ticket.events[1]).toMatchObject({ promise: { due: "2026-06-02T08:30:00.000Z" } });
    const down = await desk.say("HD-1", { ...change, priority: 2 });
    expect(down.ticket.events[2]).toMatchObject({ promise: { due: "2026-06-02T09:00:00.000Z" } });
  });

  test.for([
    [
      "a ticket that nobody opened",
      "HD-2",
      { kind: "replied" },
      "07:00",
      /there is no ticket HD-2/,
    ],
    ["a reply before the question", "HD-1", { kind: "replied" }, "06:59", /lies before it/],
    ["what is still to come", "HD-1", { kind: "replied" }, "07:01", /still to come/],
    ["closing without a reply or a reason", "HD-1", { kind: "closed" }, "07:00", /--reason/],
  ] as const)("refuses %s", async ([, id, said, time, expected]) => {
    const desk = new SupportDesk();
    await desk.say("HD-1", desk.opened);
    await expect(desk.say(id, said, at(time))).rejects.toThrow(expected);
    await expect(desk.say(id, said, at(time))).rejects.toMatchObject({ code: "BadTicket" });
  });
});

describe("a ledger that does not answer", () => {
  it("is made up for by the other one, and named", async () => {
    const desk = new SupportDesk();
    desk.memory.cutOff(CONTROL);
    expect((await desk.say("HD-1", desk.opened)).silent).toEqual([CONTROL]);
    desk.memory.restore(CONTROL);
    desk.memory.cutOff(MIRROR);
    await desk.say("HD-2", desk.opened);
    desk.memory.restore(MIRROR);
    const { value, silent } = await readTickets(desk.shelves);
    expect([value.map(({ id }) => id).toSorted(), silent]).toEqual([["HD-1", "HD-2"], []]);
  });

  it("may know a part that the other one does not", async () => {
    const desk = new SupportDesk();
    await desk.say("HD-1", desk.opened);
    desk.memory.cutOff(MIRROR);
    await desk.at("07:10");
    await desk.say("HD-1", { kind: "acknowledged" });
    desk.memory.restore(MIRROR);
    desk.memory.cutOff(CONTROL);
    await desk.at("07:20");
    await desk.say("HD-1", { kind: "replied" });
    desk.memory.restore(CONTROL);
    const { value } = await readTicket(desk.shelves, NAME);
    expect(value?.events.map(({ kind }) => kind)).toEqual(["opened", "acknowledged", "replied"]);
  });

  it("leaves nothing recorded if no other does either", async () => {
    const desk = new SupportDesk();
    desk.memory.cutOff(CONTROL);
    desk.memory.cutOff(MIRROR);
    await expect(desk.say("HD-1", desk.opened)).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});
