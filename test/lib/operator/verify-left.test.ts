import { describe, expect, it } from "vitest";
import { keys, type Left } from "../../../functions/ledger/contract.ts";
import type { Seal, SealedNotes } from "../../../functions/report/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import { verify } from "../../../lib/operator/verify.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const SITE = "eu-central-1";
const OTHER = "eu-west-1";
const KEY = keys.left("acme");
const CHANGED = "was changed after its day was sealed";
const GONE = "was taken away after its day was sealed";

const LEFT: Left = {
  ...{ instance: "acme", at: "2026-10-05T12:00:00.000Z", by: "arn:ops", reason: "moves" },
};
const STAYS: Left = {
  ...LEFT,
  undone: { at: "2026-10-07T09:00:00.000Z", by: "arn:ops", reason: "stays" },
};
const AGAIN: Left = { ...LEFT, at: "2026-10-09T12:00:00.000Z" };

/** A site whose days are sealed, and that looks at acme for two hours of a day. */
async function world() {
  const [ledger, mirror] = [new MemoryLedger(SITE), new MemoryLedger(OTHER)];
  let at = new Date(0);
  const ports = { site: SITE, ledger, vault: undefined, clock: { now: () => at } };
  const seal = async (instant: string) => {
    at = new Date(instant);
    const carried = { name: OTHER, keeper: mirror };
    await sealDays({ ...ports, mirror: carried, fleet: fleetOf([instance("acme")]) });
  };
  const look = (day: string) => {
    for (let minute = 0; minute < 120; minute += 1) {
      const slot = new Date(Date.parse(`${day}T14:00:00Z`) + minute * 60_000).toISOString();
      const row = { epoch: 1, verdict: "up", votes: { a: "good" }, database: "unknown" };
      const looks = [{ slot, instances: { acme: row } }];
      ledger.put(keys.round(slot, "s00"), { shard: "s00", site: SITE, scheduledTime: slot, looks });
    }
  };
  const noted = (note: Left, on = note.undone?.at ?? note.at) => ledger.put(KEY, note, on);
  const other = new MemoryLedger(OTHER);
  const places = [
    { name: SITE, shelf: ledger, frozen: undefined },
    { name: OTHER, shelf: other, frozen: undefined },
  ];
  const findings = async (month = "2026-10") => {
    const wish = { span: monthSpan(month, "UTC"), now: at, begin: () => undefined };
    const [own, others] = await verify(places, wish);
    return [...(own?.findings ?? []), ...(others?.findings ?? [])];
  };
  await seal("2026-10-01T00:16:00Z");
  return { ledger, mirror, other, seal, look, noted, findings };
}

/** They left, stayed after all, and left again: sealed each time. */
async function leftTwice() {
  const made = await world();
  made.noted(LEFT);
  await made.seal("2026-10-06T00:16:00Z");
  made.noted(STAYS);
  await made.seal("2026-10-08T00:16:00Z");
  made.noted(AGAIN);
  await made.seal("2026-10-12T00:16:00Z");
  return made;
}

describe("the note of a customer who leaves", () => {
  it("is sealed on the day that the ledger took it, whenever it is written anew", async () => {
    const { ledger, mirror, findings } = await leftTwice();
    const sealed = (day: string) => ledger.peek<SealedNotes>(keys.leftOn(day))?.notes;
    expect(sealed("2026-10-05")).toMatchObject([{ key: KEY, at: LEFT.at }]);
    expect(sealed("2026-10-07")).toMatchObject([{ key: KEY, at: LEFT.at }]);
    expect(sealed("2026-10-09")).toMatchObject([{ key: KEY, at: AGAIN.at }]);
    expect(ledger.peek<Seal>(keys.daySeal("2026-10-08"))?.left).toBeNull();
    const day = keys.leftOn("2026-10-09");
    expect(mirror.peek(keys.mirror(SITE, day))).toEqual(ledger.peek(day));
    for (const month of ["2026-09", "2026-10", "2026-11"]) {
      expect(await findings(month)).toEqual([]);
    }
  });

  it("may be taken back, or written again, after the newest seal", async () => {
    const { noted, findings } = await leftTwice();
    noted({ ...AGAIN, undone: { ...AGAIN, at: "2026-10-12T08:00:00.000Z" } });
    expect(await findings()).toEqual([]);
    noted({ ...LEFT, at: "2026-10-12T09:00:00.000Z" });
    expect(await findings()).toEqual([]);
  });

  it.each<[string, Left | undefined, string]>([
    ["taken away", undefined, GONE],
    ["dated back", { ...AGAIN, at: "2026-10-02T12:00:00.000Z" }, CHANGED],
    ["written as it was before", LEFT, CHANGED],
    ["torn", { torn: true } as unknown as Left, CHANGED],
  ])("is missed if it was %s", async (_, note, what) => {
    const { ledger, noted, findings } = await leftTwice();
    if (note) noted(note, "2026-10-12T08:00:00.000Z");
    else ledger.remove(KEY);
    for (const month of ["2026-10", "2026-11"]) {
      expect(await findings(month)).toEqual([{ key: KEY, what }]);
    }
    expect(await findings("2026-09")).toEqual([]);
  });

  it("is missed if somebody has it that they did not stay, also when that is sealed", async () => {
    const { seal, noted, findings } = await world();
    noted(LEFT);
    await seal("2026-10-06T00:16:00Z");
    noted(STAYS);
    await seal("2026-10-08T00:16:00Z");
    noted(LEFT, "2026-10-09T10:00:00.000Z");
    await seal("2026-10-12T00:16:00Z");
    expect(await findings()).toEqual([{ key: KEY, what: CHANGED }]);
  });

  it("is named if it was written long after it says that they left", async () => {
    const { seal, noted, findings } = await world();
    await seal("2026-10-10T00:16:00Z");
    noted(LEFT, "2026-10-10T10:00:00.000Z");
    expect(await findings()).toEqual([
      { key: KEY, what: "came after the day on which it says that they left was sealed" },
    ]);
    await seal("2026-10-12T00:16:00Z");
    const what = `was written on 2026-10-10, and says that they left at ${LEFT.at}`;
    expect(await findings()).toEqual([{ key: KEY, what }]);
  });

  it("is named if a site has looked at them long after that, in whichever ledger it lies", async () => {
    const { ledger, other, seal, look, noted, findings } = await world();
    noted(LEFT);
    look("2026-10-05");
    await seal("2026-10-06T00:16:00Z");
    const what = expect.stringMatching(/^says that they left at .*, and for 120 minutes of/);
    expect(await findings()).toEqual([{ key: KEY, what }]);
    ledger.remove(KEY);
    other.put(KEY, LEFT, LEFT.at);
    expect((await findings()).at(-1)).toEqual({ key: KEY, what });
    ledger.put(KEY, STAYS, LEFT.at);
    expect((await findings()).filter((each) => each.what !== CHANGED)).toEqual([]);
  });

  it("begins to be sealed with all there is where days were sealed without it", async () => {
    const { ledger, seal, noted, findings } = await world();
    noted({ ...LEFT, at: "2026-09-12T12:00:00.000Z" });
    const newest = keys.daySeal("2026-09-30");
    const { left: _, ...old } = ledger.peek<Seal>(newest) as Seal;
    ledger.put(newest, old);
    await seal("2026-10-02T00:16:00Z");
    expect(ledger.peek<SealedNotes>(keys.leftOn("2026-10-01"))?.notes).toHaveLength(1);
    expect((await findings("2026-11")).filter(({ key }) => key === KEY)).toEqual([]);
  });
});
