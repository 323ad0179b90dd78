import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Priority } from "../../../../lib/sla/service-terms.ts";
import { supportOf } from "../../../../lib/sla/support/support-month.ts";
import { type Ticket, type TicketEvent, ticketAt } from "../../../../lib/sla/support/ticket.ts";

/** Times of one day, `10:30`. */
const ms = (time: string) => Date.parse(`2026-06-02T${time}:00Z`);
const iso = (time: string) => new Date(ms(time)).toISOString();
const said = (at: string, recorded = at) => ({
  ...{ id: `${at}-${recorded}`, at: iso(at), recordedAt: iso(recorded), by: "somebody" },
});
const prioritised = (priority: Priority, due?: string, warn = "10:30") => ({
  priority,
  ...(due !== undefined && { promise: { due: iso(due), warn: iso(warn) } }),
});

const opened = (priority: Priority = 2, due?: string): TicketEvent => ({
  ...{ kind: "opened", title: "mail stands still", ...said("09:00") },
  ...prioritised(priority, due),
});
const raised = (at: string, due: string): TicketEvent => ({
  ...{ kind: "prioritised", reason: "it got worse", ...said(at), ...prioritised(2, due) },
});
const lowered = (at: string, due?: string, recorded = at): TicketEvent => ({
  ...{
    kind: "prioritised",
    reason: "it is less bad",
    ...said(at, recorded),
    ...prioritised(4, due, "15:00"),
  },
});
const replied = (at: string, recorded = at): TicketEvent => ({
  ...{ kind: "replied", ...said(at, recorded) },
});
const acknowledged = (at: string): TicketEvent => ({ kind: "acknowledged", ...said(at) });
const closed = (at: string, recorded = at): TicketEvent => ({
  ...{ kind: "closed", ...said(at, recorded) },
});

const standing = (events: readonly TicketEvent[], at: string) =>
  ticketAt({ events }, ms(at))?.standing;

describe("a ticket", () => {
  test.for([
    ["nobody has answered", [], "10:29", "waiting"],
    ["the end is near", [], "10:30", "due-soon"],
    ["it is due this minute", [], "11:00", "due-soon"],
    ["it is over", [], "11:01", "missed"],
    ["only a machine has answered", [acknowledged("09:01")], "11:01", "missed"],
    ["a person has", [acknowledged("09:01"), replied("10:00")], "12:00", "in-time"],
    ["a person has to the minute", [replied("11:00")], "12:00", "in-time"],
    ["a person has too late", [replied("11:01")], "12:00", "late"],
    ["the second answer is the late one", [replied("10:00"), replied("12:00")], "13:00", "in-time"],
    ["it is closed without an answer", [closed("10:00")], "12:00", "withdrawn"],
    ["it is closed once it was missed", [closed("11:30")], "12:00", "missed"],
    ["it got worse", [raised("09:10", "10:00")], "10:01", "missed"],
    ["it got worse just before it was due", [raised("10:55", "12:55")], "11:01", "missed"],
    ["it got less bad before it was due", [lowered("10:00", "16:00")], "12:00", "waiting"],
    ["it got less bad once it was missed", [lowered("11:01", "16:00")], "12:00", "missed"],
    [
      "it is said afterwards that it had been less bad before",
      [lowered("10:00", "16:00", "11:01")],
      "12:00",
      "missed",
    ],
    [
      "it is said afterwards that it had been closed before",
      [closed("10:00", "11:01")],
      "12:00",
      "missed",
    ],
    [
      "it was opened twice by one name",
      [{ ...opened(2, "14:00"), ...said("09:30") }],
      "11:01",
      "missed",
    ],
    [
      "it is said afterwards that it had been opened before, and less urgent",
      [replied("12:00"), { ...opened(4, "16:00"), ...said("08:59", "12:30") }],
      "13:00",
      "late",
    ],
    [
      "it was opened once more, and is due earlier so",
      [{ ...opened(1, "10:00"), ...said("09:01") }],
      "10:01",
      "missed",
    ],
    ["it became one for which nothing is sold", [lowered("10:00")], "12:00", "unpromised"],
    [
      "it was called less bad after the answer",
      [replied("11:30"), lowered("12:00", "16:00")],
      "13:00",
      "late",
    ],
    [
      "things were recorded in another order",
      [replied("10:00"), acknowledged("09:01")],
      "12:00",
      "in-time",
    ],
  ] as const)("if %s", ([, events, at, expected]) => {
    expect(standing([opened(2, "11:00"), ...events], at)).toBe(expected);
  });

  it("is nothing before it was opened, and unpromised where nothing was sold", () => {
    expect(ticketAt({ events: [opened()] }, ms("08:59"))).toBeUndefined();
    expect(standing([opened(1)], "23:00")).toBe("unpromised");
  });

  it("was opened when the first record of that says, and shows that a later one was less urgent", () => {
    const again = { ...opened(4, "16:00"), ...said("08:00", "10:00"), title: "all is well" };
    const events = [opened(2, "11:00"), again];
    expect(ticketAt({ events }, ms("08:30"))).toBeUndefined();
    expect(ticketAt({ events }, ms("12:00"))).toMatchObject({
      ...{ standing: "missed", title: "mail stands still", priority: 2 },
      ...{ openedMs: ms("09:00"), dueMs: ms("11:00"), isLowered: true },
    });
  });

  it("shows an answer of which we heard only when it was late", () => {
    const told = (recorded: string) =>
      ticketAt({ events: [opened(2, "11:00"), replied("10:00", recorded)] }, ms("14:00"));
    expect(told("11:00")?.isHearsay).toBe(false);
    expect(told("11:01")).toMatchObject({ standing: "in-time", isHearsay: true });
  });

  it("once missed stays missed or late, whatever else but an earlier answer is recorded", () => {
    const minute = fc.integer({ min: 661, max: 1380 });
    const time = minute.map((each) => new Date(each * 60_000).toISOString().slice(11, 16));
    const event = fc.oneof(
      time.map((at) => replied(at)),
      time.map((at) => lowered(at, "20:00")),
      time.map((at) => lowered(at)),
      time.map((at) => raised(at, "21:00")),
      time.map((at) => closed(at)),
      time.map((at) => closed("09:30", at)),
      time.map((at) => lowered("09:30", "22:00", at)),
      time.map((at) => ({ ...opened(4, "22:30"), ...said("08:59", at) })),
      time.map((at) => ({ ...opened(4), ...said(at) })),
      time.map(acknowledged),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        const now = standing([opened(2, "11:00"), ...events], "23:30");
        expect(["missed", "late"]).toContain(now);
      }),
    );
  });
});

describe("a month of support", () => {
  const ticket = (id: string, ...events: readonly TicketEvent[]) => ({
    ...{ instance: "acme", id, events },
  });
  const span = { fromMs: ms("00:00"), toMs: ms("23:59") };
  const judged = (time: string) => ({ atMs: ms(time), graceMs: 900_000 });

  it("counts who waits in the next span, too, until there is something to say", () => {
    const spans = (["08:00", "10:00", "12:00", "14:00"] as const).map(ms);
    const halves = (...tickets: readonly Ticket[]) =>
      spans.slice(1).map((toMs, index) => {
        const { carriedOver, waiting, missed, inTime } = supportOf(
          { fromMs: spans[index] ?? 0, toMs },
          tickets,
          { atMs: toMs, graceMs: 900_000 },
        );
        return { carriedOver, waiting, missed, inTime };
      });
    const none = { carriedOver: 0, waiting: 0, missed: 0, inTime: 0 };
    const waits = { ...none, waiting: 1 };
    const over = { ...none, carriedOver: 1 };
    const ask = opened(2, "13:00");
    expect(halves(ticket("A", ask, replied("12:30")))).toEqual([
      ...[waits, { ...over, waiting: 1 }, { ...over, inTime: 1 }],
    ]);
    expect(halves(ticket("A", opened(2, "11:00")))).toEqual([waits, { ...over, missed: 1 }, none]);
  });

  it("is not changed by what is recorded when it is settled", () => {
    const day = { fromMs: ms("08:00"), toMs: ms("12:00") };
    const open = [ticket("A", opened(2, "11:00"))];
    const late = [ticket("A", opened(2, "11:00"), replied("10:00", "12:20"))];
    const soon = [ticket("A", opened(2, "11:00"), replied("10:00", "12:10"))];
    const settle = (tickets: readonly Ticket[]) => supportOf(day, tickets, judged("12:00"));
    expect(settle(late)).toEqual(settle(open));
    expect(settle(soon)).toMatchObject({ missed: 0, inTime: 1, hearsay: 1 });
  });

  it("counts each ticket once, and names the worst", () => {
    const tickets = [
      ticket("A", opened(2, "11:00"), replied("10:00", "12:00")),
      ticket("B", opened(2, "11:00"), replied("11:30")),
      ticket("C", opened(2, "11:00")),
      ticket("D", opened(2, "11:00"), closed("10:00")),
      ticket("E", opened(2, "11:00"), lowered("10:00", "16:00")),
      ticket("F", opened(1)),
    ];
    expect(supportOf(span, tickets, judged("12:05"))).toEqual({
      ...{
        tickets: 6,
        carriedOver: 0,
        promised: 5,
        inTime: 1,
        missed: 2,
        waiting: 1,
        withdrawn: 1,
      },
      ...{ hearsay: 1, lowered: 1, worst: { ticket: "C", lateMinutes: 65 } },
    });
  });

  it("counts one that was recorded only when its span was settled in the next", () => {
    const secret = { ...opened(2, "11:00"), recordedAt: new Date(ms("13:00")).toISOString() };
    const counts = ["08:00", "12:00"].map((from) => {
      const toMs = ms(from) + 4 * 3_600_000;
      const span4 = { fromMs: ms(from), toMs };
      return supportOf(span4, [ticket("A", secret)], { atMs: toMs, graceMs: 900_000 }).missed;
    });
    expect(counts).toEqual([0, 1]);
  });

  it("counts those that were opened in it, and nothing where there were none", () => {
    const none = supportOf(
      { fromMs: ms("09:01"), toMs: ms("23:59") },
      [ticket("A", opened())],
      judged("23:00"),
    );
    expect(none).toMatchObject({ tickets: 0, promised: 0, worst: null });
    expect(
      supportOf(
        { fromMs: ms("08:00"), toMs: ms("09:00") },
        [ticket("A", opened())],
        judged("23:00"),
      ).tickets,
    ).toBe(0);
  });
});
