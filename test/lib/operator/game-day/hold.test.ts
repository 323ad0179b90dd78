import { expect, it, test } from "vitest";
import { endGameDay, holdGameDay } from "../../../../lib/operator/game-day/hold.ts";
import type { GameDayBegun, GameDayRecord } from "../../../../lib/operator/game-day/record.ts";
import { CLIENTS, CUT, Hall, type Reaction } from "../../../fakes/game-day.ts";
import { CONTROL, HOME, STANDBY } from "../../../fakes/operator-access.ts";

async function held(hall: Hall, boundSeconds = 1800, controller = new AbortController()) {
  const told: string[] = [];
  const look = await hall.look(boundSeconds);
  const tell = (line: string) => void told.push(line);
  const holding = { terms: look, signal: controller.signal, tell, tellStep: () => {} };
  const record = await holdGameDay(hall, look, "to learn", holding);
  return { record, told, changes: hall.access.databases.changes };
}

const recordIn = (hall: Hall, site: string, { id }: GameDayRecord) =>
  hall.access.memory.at(site).peek(`game-days/acme/${id}/record.json`);

it("cuts the primary off, and ends once its standby serves", async () => {
  const hall = new Hall();
  const { record, changes } = await held(hall);
  expect(changes).toEqual([`groups of acme-db: ${CUT}`, "reboot acme-db"]);
  expect(record).toMatchObject({
    ...{ outcome: "recovered", ok: true, failover: "fo-acme-e1-1", groups: [CLIENTS], group: CUT },
    measured: { rtoSeconds: 121, rpoSeconds: 4 },
    promised: { rtoSeconds: 1800, rpoSeconds: 300 },
  });
  expect(record.rtoSeconds).toBeGreaterThan(150);
  expect(record.rtoSeconds).toBeLessThan(300);
  expect(record.client.bad).toBeGreaterThan(50);
});

it("leaves a note of what was there before anything is changed, and a record at its end, in every ledger", async () => {
  const hall = new Hall();
  const { record } = await held(hall);
  for (const site of [HOME, STANDBY, CONTROL]) {
    expect(recordIn(hall, site, record)).toEqual(record);
    const [begun] = hall.access.memory.at(site).writes.filter((key) => /^game-days/.test(key));
    expect(begun).toBe(`game-days/acme/${record.id}/begun.json`);
  }
});

it("changes nothing where one ledger takes no note", async () => {
  const hall = new Hall();
  const look = await hall.look();
  hall.access.memory.at(CONTROL).reachable = false;
  const { signal } = new AbortController();
  const holding = { terms: look, signal, tell: () => {}, tellStep: () => {} };
  await expect(holdGameDay(hall, look, "to learn", holding)).rejects.toThrow(
    /eu-west-1 took no note of it: nothing was changed/,
  );
  expect(hall.access.databases.changes).toEqual([]);
});

test.each([
  ["nobody reacts until its bound", "sleeps", 600, /^nobody was promoted by /],
  ["the failover halts", "halts", 1800, /^the failover halted: HaltBehind$/],
] satisfies [string, Reaction, number, RegExp][])(
  "gives the primary back where %s",
  async (_, reaction, bound, because) => {
    const hall = new Hall(reaction);
    const { record, changes } = await held(hall, bound);
    expect(record).toMatchObject({ outcome: "called-off", ok: false });
    expect(record.because).toMatch(because);
    expect(changes.at(-1)).toBe(`groups of acme-db: ${CLIENTS}`);
    expect(hall.primary.groups).toEqual([CLIENTS]);
  },
);

test.each([
  ["before anything is found out", 10],
  ["while it is being failed over", 90],
])("Ctrl-C %s gives the primary back", async (_, after) => {
  const hall = new Hall();
  const controller = new AbortController();
  hall.onLook = (seconds) => {
    if (seconds > after) controller.abort();
  };
  const { record } = await held(hall, 1800, controller);
  expect(record).toMatchObject({ outcome: "called-off", because: "a person called it off" });
  expect(hall.primary.groups).toEqual([CLIENTS]);
  expect(hall.roles().epoch).toBe(1);
  const wish = hall.access.memory.at(STANDBY).peek<{ reason: string }>("aborts/acme.json");
  expect(wish?.reason).toBe(after > 60 ? "game day: a person called it off" : undefined);
});

it("gives the primary back under the lock of failovers, and lets that go", async () => {
  const hall = new Hall("sleeps");
  await held(hall, 600);
  const { writes } = hall.access.memory.at(STANDBY);
  expect(writes.filter((key) => key === "locks/acme.json")).toHaveLength(2);
  const lock = hall.access.memory
    .at(STANDBY)
    .peek<{ state: string; by: string }>("locks/acme.json");
  expect(lock).toMatchObject({
    state: "free",
    by: expect.stringContaining(":sla-game-day:gd-acme-"),
  });
});

it("waits with that while somebody else has the lock", async () => {
  const hall = new Hall("sleeps");
  const at = (seconds: number) =>
    new Date(hall.access.clock.now().getTime() + seconds * 1000).toISOString();
  const another = {
    state: "held",
    by: "arn:aws:states:r:1:execution:sla-reprotect:rp",
    until: at(900),
  };
  hall.onLook = (seconds) => {
    if (seconds < 2) hall.access.memory.at(STANDBY).put("locks/acme.json", another);
  };
  const { record, told } = await held(hall, 600);
  expect(told.join("\n")).toMatch(/not given back yet: acme: arn\S+ holds the lock until/);
  expect(record).toMatchObject({ outcome: "called-off" });
  expect(Date.parse(record.endedAt) - Date.parse(record.at)).toBeGreaterThan(800_000);
});

it("takes nothing back from the promotion on, however long that lasts", async () => {
  const hall = new Hall("is slow to promote");
  const controller = new AbortController();
  hall.onLook = (seconds) => {
    if (seconds > 150) controller.abort();
  };
  const { record, changes } = await held(hall, 1500, controller);
  expect(changes).toEqual([`groups of acme-db: ${CUT}`, "reboot acme-db"]);
  expect(record).toMatchObject({ outcome: "recovered", ok: false });
});

it("says so where clients are not served in the end, and leaves another's fence alone", async () => {
  const hall = new Hall("halts");
  const controller = new AbortController();
  hall.onLook = (seconds) => {
    if (seconds > 119) hall.primary.groups = ["sg-2q"];
  };
  const { record, changes } = await held(hall, 600, controller);
  expect(record).toMatchObject({ outcome: "unserved", ok: false });
  expect(changes).toHaveLength(2);
});

it("is ended from anywhere by what was noted before the cut", async () => {
  const hall = new Hall("sleeps");
  const look = await hall.look();
  const begun: GameDayBegun = {
    ...{ instance: "acme", id: "gd-acme-1", at: look.now.toISOString(), by: "arn:ops" },
    ...{ reason: "to learn", epoch: 1, seat: look.roles.primary, groups: [CLIENTS], group: CUT },
    ...{ owner: look.roles.owner, known: [], until: look.now.toISOString() },
  };
  hall.primary.groups = [CUT];
  const { signal } = new AbortController();
  const holding = { terms: look, signal, tell: () => {}, tellStep: () => {} };
  const record = await endGameDay(hall, begun, holding);
  expect(record).toMatchObject({ outcome: "called-off", because: "a person gave it back" });
  expect(hall.primary.groups).toEqual([CLIENTS]);
  expect(recordIn(hall, HOME, record)).toEqual(record);
});
