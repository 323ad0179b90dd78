import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Seal, SealedTickets } from "../../../functions/report/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import { add } from "../../../functions/support/tickets.ts";
import { verify } from "../../../lib/operator/verify.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import type { Ticket, TicketEvent } from "../../../lib/sla/support/ticket.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const [CONTROL, MIRROR] = ["eu-west-1", "eu-central-1"];
const NAME = { instance: "acme", id: "t-1" };
const KEY = keys.ticket("acme", "t-1");
const CHANGED = "was changed after its day was sealed";
const GONE = "was taken away after its day was sealed";

const by = { by: "arn:ops" };
const OPENED: TicketEvent = {
  ...{ id: "a", kind: "opened", title: "down", priority: 1, ...by },
  ...{ at: "2026-09-30T20:00:00.000Z", recordedAt: "2026-09-30T20:00:05.000Z" },
  promise: { due: "2026-10-01T08:00:00.000Z", warn: "2026-10-01T06:00:00.000Z" },
};
const REPLIED: TicketEvent = {
  ...{ id: "b", kind: "replied", ...by },
  ...{ at: "2026-10-01T09:30:00.000Z", recordedAt: "2026-10-01T09:30:01.000Z" },
};
/** As somebody would like to have had it. */
const IN_TIME: TicketEvent = {
  ...REPLIED,
  ...{ id: "c", at: "2026-10-01T07:00:00.000Z", recordedAt: "2026-10-01T07:00:01.000Z" },
};

/** Two ledgers that keep tickets. One is opened in September and answered in October, too late. */
async function world() {
  const ledgers = [new MemoryLedger(CONTROL), new MemoryLedger(MIRROR)] as const;
  let at = new Date(0);
  const clock = { now: () => at };
  const fleet = fleetOf([instance("acme")]);
  const record = async (event: TicketEvent, to: readonly MemoryLedger[] = ledgers, on?: string) => {
    for (const ledger of to) {
      await add(ledger, NAME, [event]);
      ledger.put(KEY, ledger.peek(KEY), on ?? event.recordedAt);
    }
  };
  const seal = async (instant: string) => {
    at = new Date(instant);
    for (const ledger of ledgers) {
      const ports = { site: ledger.region, ledger, mirror: undefined, vault: undefined };
      await sealDays({ ...ports, fleet, clock });
    }
  };
  const places = ledgers.map((shelf) => ({ name: shelf.region, shelf, frozen: undefined }));
  const look = async (month: string) => {
    const wish = { span: monthSpan(month, "UTC"), now: at, begin: () => undefined };
    return (await verify(places, wish)).map(({ statements, findings }) => ({
      ...{ looked: statements, findings },
    }));
  };
  return { ledgers, control: ledgers[0], record, seal, look };
}

/** Sealed up to the fifth of October. */
async function settled() {
  const made = await world();
  await made.seal("2026-09-30T00:16:00Z");
  await made.record(OPENED);
  await made.seal("2026-10-01T00:16:00Z");
  await made.record(REPLIED);
  await made.seal("2026-10-06T00:16:00Z");
  return made;
}

const NOTHING = { looked: 1, findings: [] };

describe("what was said of a request for support", () => {
  it("is sealed each day as far as it was written", async () => {
    const { control, look } = await settled();
    const sealed = (day: string) => control.peek<SealedTickets>(keys.ticketsOf(day))?.tickets;
    const to = "2026-10-01T08:00:00.000Z";
    expect(sealed("2026-09-30")).toMatchObject([{ key: KEY, events: 1, from: OPENED.at, to }]);
    expect(sealed("2026-10-01")).toMatchObject([{ key: KEY, events: 2, to: REPLIED.at }]);
    expect(control.peek<Seal>(keys.daySeal("2026-10-03"))?.tickets).toBeNull();
    for (const month of ["2026-09", "2026-10"]) {
      expect(await look(month)).toEqual([NOTHING, NOTHING]);
    }
    expect(await look("2026-11")).toMatchObject([{ looked: 0 }, { looked: 0 }]);
  });

  it.each<[string, (ticket: Ticket) => Ticket]>([
    ["a reply that was late is said to have been in time", withReply(IN_TIME.at)],
    ["a reply is taken out", ({ events, ...rest }) => ({ ...rest, events: events.slice(0, 1) })],
    [
      "what was promised is moved",
      ({ events, ...rest }) => ({
        ...rest,
        events: events.map((event) =>
          event.kind === "opened"
            ? { ...event, promise: { due: REPLIED.recordedAt, warn: REPLIED.recordedAt } }
            : event,
        ),
      }),
    ],
    ["nobody can read it any more", () => ({ torn: true }) as unknown as Ticket],
  ])("is missed if %s", async (_, forge) => {
    const { control, look } = await settled();
    control.put(KEY, forge(control.peek(KEY) as Ticket), REPLIED.recordedAt);
    expect(await look("2026-10")).toEqual([
      { looked: 1, findings: [{ key: KEY, what: CHANGED }] },
      NOTHING,
    ]);
    expect(await look("2026-11")).toMatchObject([{ findings: [] }, { findings: [] }]);
  });

  it("is missed if it is gone, and of every month if its list is", async () => {
    const { control, look } = await settled();
    control.remove(KEY);
    expect((await look("2026-10"))[0]?.findings).toEqual([{ key: KEY, what: GONE }]);
    const list = keys.ticketsOf("2026-10-01");
    control.remove(list);
    expect((await look("2026-11"))[0]?.findings).toEqual([{ key: list, what: GONE }]);
  });

  it("goes on to be written, and is sealed with the day on which it was", async () => {
    const { record, seal, look } = await settled();
    const closed: TicketEvent = {
      ...{ id: "d", kind: "closed", ...by },
      ...{ at: "2026-10-06T10:00:00.000Z", recordedAt: "2026-10-06T10:00:01.000Z" },
    };
    await record(closed);
    expect(await look("2026-10")).toEqual([NOTHING, NOTHING]);
    await seal("2026-10-07T00:16:00Z");
    expect(await look("2026-10")).toEqual([NOTHING, NOTHING]);
  });

  it("is named if it says that it was recorded on a day that is sealed without it", async () => {
    const { record, look, ledgers } = await settled();
    await record(IN_TIME, ledgers, "2026-10-06T09:00:00.000Z");
    const what = `has a 'replied' that says it was recorded at ${IN_TIME.recordedAt}, and came after that day was sealed`;
    const told = { looked: 1, findings: [{ key: KEY, what }] };
    expect(await look("2026-10")).toEqual([told, told]);
  });

  it("is not where another ledger took it in time, and gave it later to one that was away", async () => {
    const { control, ledgers, record, seal, look } = await world();
    await seal("2026-09-30T00:16:00Z");
    await record(OPENED);
    await record(REPLIED, ledgers.slice(1));
    await seal("2026-10-06T00:16:00Z");
    await record(REPLIED, [control], "2026-10-06T09:00:00.000Z");
    expect(await look("2026-10")).toEqual([NOTHING, NOTHING]);
    ledgers[1].put(KEY, { ...NAME, events: [OPENED] }, OPENED.recordedAt);
    expect((await look("2026-10")).map(({ findings }) => findings)).toMatchObject([
      [{ what: expect.stringContaining("came after that day was sealed") }],
      [{ what: CHANGED }],
    ]);
  });

  it("is named if no seal knows it at all, though the ledger says that it took it before", async () => {
    const { control, look } = await settled();
    const other = keys.ticket("acme", "t-2");
    control.put(other, { ...NAME, id: "t-2", events: [REPLIED] }, REPLIED.recordedAt);
    expect((await look("2026-10"))[0]?.findings).toMatchObject([{ key: other }]);
  });

  it("begins to be sealed with all there is where days were sealed without it", async () => {
    const { ledgers, seal, look } = await settled();
    for (const ledger of ledgers) {
      for (const key of ledger.keys("seals/")) {
        const { tickets: _, ...old } = ledger.peek<Seal>(key) as Seal;
        ledger.put(key, old);
      }
      for (const key of ledger.keys("days/")) ledger.remove(key);
    }
    expect((await look("2026-10")).map(({ looked }) => looked)).toEqual([0, 0]);
    await seal("2026-10-07T00:16:00Z");
    const list = ledgers[0].peek<SealedTickets>(keys.ticketsOf("2026-10-06"));
    expect(list?.tickets).toMatchObject([{ key: KEY, events: 2 }]);
  });
});

function withReply(at: string) {
  return ({ events, ...rest }: Ticket): Ticket => ({
    ...rest,
    events: events.map((event) =>
      event.kind === "replied" ? { ...event, at, recordedAt: at } : event,
    ),
  });
}
