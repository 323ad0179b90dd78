import { describe, expect, it, test } from "vitest";
import { ticketJson } from "../../../functions/support/ticket-json.ts";
import { ticketLines } from "../../../lib/operator/ticket-lines.ts";
import {
  instanceWith,
  knownTickets,
  parsePriority,
  parseTicketId,
  parseTitle,
  tell,
} from "../../../lib/operator/tickets.ts";
import type { Ticket } from "../../../lib/sla/support/ticket.ts";
import { CONTROL, MIRROR, SupportDesk } from "../../functions/support/desk.ts";

class Terminal extends SupportDesk {
  readonly ledgers = this.memory.at;
  readonly caller = "arn:aws:iam::111111111111:user/ops";
}

const acmeOf = ({ fleet }: Terminal) => {
  const [acme] = fleet.instances;
  if (!acme) throw new Error("no acme");
  return acme;
};

const shown = (desk: Terminal, ticket: Ticket) =>
  ticketLines(ticket, { nowMs: desk.clock.now().getTime(), timezone: "Europe/Brussels" });

describe("sla ticket", () => {
  it("shows when a reply is due, in the provider's time, and who said what", async () => {
    const desk = new Terminal();
    const telling = {
      said: desk.opened,
      event: "e1",
      by: "it@acme.example",
      at: "2026-06-02T08:55:00+02:00",
    };
    const { ticket, silent } = await tell(desk, acmeOf(desk), "HD-1", telling);
    expect(shown(desk, ticket)).toEqual([
      "HD-1  P2 of acme: waits for a reply",
      "    mail stands still",
      "    opened 2026-06-02 08:55, reply until 2026-06-02 11:00",
    ]);
    expect(silent).toEqual([]);
    expect(ticketJson(ticket, desk.clock.now().getTime())).toMatchObject({
      ...{ instance: "acme", id: "HD-1", priority: "P2", standing: "waiting" },
      ...{ due: "2026-06-02T09:00:00.000Z", replied: null, closed: null },
      events: [{ by: "it@acme.example", recordedAt: "2026-06-02T07:00:00.000Z" }],
    });
  });

  it("is said by whose credentials these are", async () => {
    const desk = new Terminal();
    await tell(desk, acmeOf(desk), "HD-1", { said: desk.opened, event: "e1" });
    const said = { kind: "replied" } as const;
    const { ticket } = await tell(desk, acmeOf(desk), "HD-1", { said, event: "e2" });
    expect(ticket.events[1]).toMatchObject({ kind: "replied", by: desk.caller });
    expect(shown(desk, ticket)[0]).toBe("HD-1  P2 of acme: answered in time");
  });

  it("promises nothing that was not sold", async () => {
    const desk = new Terminal();
    const said = { ...desk.opened, priority: 1 } as const;
    const { ticket } = await tell(desk, acmeOf(desk), "HD-1", { said, event: "e1" });
    expect(shown(desk, ticket)[0]).toBe("HD-1  P1 of acme: no reply promised");
  });

  it("lists what is not closed, what is due next first", async () => {
    const desk = new Terminal();
    await desk.say("A", { ...desk.opened, priority: 4 });
    await desk.say("B", desk.opened);
    await desk.say("C", desk.opened);
    await desk.say("C", { kind: "replied" });
    await desk.say("D", desk.opened);
    await desk.say("D", { kind: "closed", reason: "sent twice" });
    const ids = async (all: boolean) =>
      (await knownTickets(desk, { all })).value.map(({ id }) => id);
    expect(await ids(false)).toEqual(["B", "A", "C"]);
    expect(await ids(true)).toEqual(["B", "A", "C", "D"]);
    desk.memory.cutOff(CONTROL);
    expect(await knownTickets(desk, { instance: "acme", all: true })).toMatchObject({
      silent: [CONTROL],
      value: { length: 4 },
    });
  });

  it("finds whose a ticket is, unless several have one of that name", async () => {
    const desk = new Terminal();
    await desk.say("HD-1", desk.opened);
    expect(await instanceWith(desk, "HD-1")).toBe("acme");
    await expect(instanceWith(desk, "HD-2")).rejects.toThrow("there is no ticket HD-2");
    desk.memory.at(MIRROR).put("tickets/birch/HD-1.json", {});
    await expect(instanceWith(desk, "HD-1")).rejects.toThrow("of acme and birch: say whose");
  });

  test.for([
    ["a priority of no plan", () => parsePriority("P5"), "--priority: 'P5': expected P1"],
    ["an id that leads elsewhere", () => parseTicketId("../roles/acme"), "is no ticket: expected"],
    ["a title of two lines", () => parseTitle("a\nb"), "--title: expected one line"],
    ["a title that turns around what follows", () => parseTitle("a\u202eb"), "--title: expected"],
    ["no title", () => parseTitle("  "), "--title: expected"],
  ] as const)("refuses %s", ([, parse, expected]) => {
    expect(parse).toThrow(expected);
  });

  it("refuses an instant without a zone, and says what was meant", async () => {
    const desk = new Terminal();
    const telling = { said: desk.opened, event: "e1", at: "2026-06-02 08:55" };
    await expect(tell(desk, acmeOf(desk), "HD-1", telling)).rejects.toThrow(
      "--at: '2026-06-02 08:55' says no time zone",
    );
  });
});
