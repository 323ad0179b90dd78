import { beforeEach, describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { rolesReader } from "../../../functions/ledger/fleet.ts";
import { announceRoles, type RolesMark } from "../../../functions/ledger/roles-mark.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const FLEET = fleetOf(Array.from({ length: 300 }, (_, index) => instance(`i${index}`)));
let clock: FakeClock;
let ledger: MemoryLedger;

beforeEach(() => {
  clock = new FakeClock("2026-11-22T10:00:00Z");
  ledger = new MemoryLedger("eu-west-1");
  for (const each of FLEET.instances)
    ledger.put(keys.roles(each.id), firstRoles(FLEET, each, "2026-11-01T00:00:00.000Z"));
});

const later = (seconds: number) => clock.until(new Date(clock.now().getTime() + seconds * 1000));
const raise = (id: string, epoch: number) =>
  ledger.put(keys.roles(id), { ...ledger.peek<object>(keys.roles(id)), epoch });

describe("roles of many instances", () => {
  it("are listed once while nobody announces a change, for four hours at most", async () => {
    const reader = rolesReader(ledger, clock);
    for (let look = 0; look < 20; look += 1) {
      expect((await reader.all()).size).toBe(300);
      await later(15);
    }
    expect(ledger.requests.list).toBe(1);
    await later(14_400);
    await reader.all();
    expect(ledger.requests.list).toBe(2);
  });

  it("are read anew at every look while a change is announced, and once after it", async () => {
    const reader = rolesReader(ledger, clock);
    await reader.all();
    await later(60);
    await announceRoles(ledger, clock);
    expect((await reader.all()).get("i7")?.epoch).toBe(1);
    await later(5);
    raise("i7", 2);
    expect((await reader.all()).get("i7")?.epoch).toBe(2);
    await later(110);
    raise("i8", 2);
    await later(10);
    expect((await reader.all()).get("i8")?.epoch).toBe(2);
    const { list } = ledger.requests;
    await later(15);
    await reader.all();
    expect(ledger.requests.list).toBe(list);
  });

  it("are no longer by the mark beside them, which is nobody's roles", async () => {
    await announceRoles(ledger, clock);
    expect((await rolesReader(ledger, clock).all()).size).toBe(300);
  });

  it("that many failovers change at once are announced by one write", async () => {
    for (let failover = 0; failover < 10; failover += 1) await announceRoles(ledger, clock);
    expect(ledger.writes.filter((key) => key === keys.rolesMark)).toHaveLength(1);
    await later(100);
    await announceRoles(ledger, clock);
    expect(ledger.peek<RolesMark>(keys.rolesMark)?.until).toBe("2026-11-22T10:03:40.000Z");
  });

  it("of few are listed at every look, announced or not", async () => {
    const few = new MemoryLedger("eu-west-1");
    few.put(keys.roles("i1"), ledger.peek(keys.roles("i1")));
    const reader = rolesReader(few, clock);
    await reader.all();
    await reader.all();
    expect(few.requests).toEqual({ put: 0, get: 1, list: 2 });
  });
});
