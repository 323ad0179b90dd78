import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_BOOK, rollCall } from "../../functions/watch/roll-call.ts";
import { alone, fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), alone("cedar")]);
const [HOME, OWNER, CONTROL] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;

describe("a site whose watch ends no rounds", () => {
  it("is told by control after five minutes, once", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    await world.minutes(120, 5, [HOME, CONTROL]);
    expect(world.told(OWNER)).toEqual([]);
    await world.minutes(420, 10, [HOME, CONTROL]);
    expect(world.told(OWNER)).toEqual(["site-silent"]);
    const [notice] = world.notices.filter((each) => each.instance === OWNER);
    expect(notice?.lines[0]).toContain("since 2026-03-02T10:01:00.000Z");
    expect(notice?.lines[1]).toContain("starts no failover");
  });

  it("is told when it is control, by every site that listens for it", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    await world.minutes(120, 12, [HOME, OWNER]);
    expect(world.told(CONTROL)).toEqual(["site-silent", "site-silent"]);
    const incidents = world.notices.map(({ incident }) => incident);
    expect(incidents).toEqual(["silent-20260302100100", "silent-20260302100100"]);
    expect(world.notices[0]?.lines[1]).toContain("Nobody watches");
  });

  it("is told when its ledger is gone with its region, even if it was never heard", async () => {
    const world = new WatchWorld(FLEET);
    world.ledgers.cutOff(CONTROL);
    await world.minutes(0, 8, [OWNER]);
    expect(world.told(CONTROL)).toEqual(["site-silent"]);
  });

  it("is told when every round ends with a failure", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    const create = world.ledgers.at(OWNER).create.bind(world.ledgers.at(OWNER));
    world.ledgers.at(OWNER).create = async (key, value) => {
      if (key.startsWith("rounds/")) throw new Error("no rounds today");
      return create(key, value);
    };
    await world.minutes(120, 8);
    expect(world.told(OWNER)).toEqual(["site-silent"]);
  });

  it("is told to be back", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    await world.minutes(120, 8, [OWNER]);
    await world.minutes(600, 3, [OWNER, CONTROL]);
    expect(world.told(CONTROL)).toEqual(["site-silent", "site-heard"]);
    const [silent, heard] = world.notices.filter((each) => each.instance === CONTROL);
    expect(heard?.incident).toBe(silent?.incident);
  });

  it("is another silence when it begins again within the hour", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    await world.minutes(120, 8, [OWNER]);
    await world.minutes(600, 3, [OWNER, CONTROL]);
    await world.minutes(780, 8, [OWNER]);
    expect(world.told(CONTROL)).toEqual(["site-silent", "site-heard", "site-silent"]);
    const [first, , second] = world.notices.filter((each) => each.instance === CONTROL);
    expect(second?.incident).not.toBe(first?.incident);
  });

  it("is one silence for all shards, from the first that hears nothing to the last that hears it again", async () => {
    const world = new WatchWorld(
      fleetOf(Array.from({ length: 251 }, (_, n) => instance(`shop-${n}`))),
    );
    await world.minutes(0, 2);
    for (let minute = 2; minute < 10; minute += 1) await world.minutes(minute * 60, 1, [OWNER]);
    expect(new Set(world.notices.map(({ incident }) => incident)).size).toBe(1);
    await world.tick(CONTROL, 600, { shard: "s00" });
    for (const shard of ["s00", "s01"]) await world.tick(OWNER, 660, { shard });
    expect(world.told(CONTROL)).not.toContain("site-heard");
    await world.minutes(720, 2, [OWNER, CONTROL]);
    expect(world.told(CONTROL).filter((kind) => kind === "site-heard")).toHaveLength(1);
  }, 60_000);

  it("is told with the next round if the mail got lost", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    await world.minutes(120, 5, [OWNER]);
    world.mailsLost = 1;
    const [report] = await world.minutes(420, 1, [OWNER]);
    expect(report?.failures).toEqual(["CloudUnreachable: no answer"]);
    await world.minutes(480, 3, [OWNER]);
    expect(world.told(CONTROL)).toEqual(["site-silent"]);
  });

  it("is nobody where all are well", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 20);
    expect(world.notices).toEqual([]);
  });
});

describe("a roll-call", () => {
  const minute = (n: number) => new Date(Date.UTC(2026, 2, 2, 10, n)).toISOString();

  /** One roll-call a minute; what is told, and who is silent at the end. */
  function calls(rounds: readonly boolean[]) {
    const told: string[] = [];
    let book = EMPTY_BOOK;
    for (const [index, isHeard] of rounds.entries()) {
      const tick = minute(index);
      const answers: Record<string, string> = isHeard ? { [HOME]: tick } : {};
      const call = { shard: "s00", sites: [HOME], answers, control: CONTROL, tick };
      const after = rollCall(book, { ...call, silentAfterMs: 300_000 });
      book = after.book;
      told.push(...after.fallen.map(() => "site-silent"), ...after.back.map(() => "site-heard"));
    }
    return { told, silent: book.silent };
  }

  it("tells silence and return in turn, whatever is heard", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (rounds) => {
        const { told, silent } = calls(rounds);
        const isOdd = (index: number) => index % 2 === 1;
        expect(told).toEqual(told.map((_, at) => (isOdd(at) ? "site-heard" : "site-silent")));
        const isSilent = rounds.length > 6 && !rounds.slice(-6).includes(true);
        expect(silent).toEqual(isSilent ? [HOME] : []);
      }),
    );
  });
});
