import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  firstRoles,
  modelSeat,
  nextStandby,
  promotedRoles,
  protectedRoles,
  type Roles,
  recoveredRoles,
  recoveredSeat,
  unprotectedRoles,
} from "../../../lib/sla/roles.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";

const AT = "2026-11-21T10:00:00.000Z";
const app = { home: "app-2.elb.example", standby: "app-1.elb.example" };
const acme = instance("acme", { app });
const first = firstRoles(fleetOf([acme]), acme, AT);
const promoted = promotedRoles(first, "eu-west-1", AT, "a failover");

function next(roles: Roles) {
  const seat = nextStandby(acme, roles);
  if (!seat) throw new Error("no seat");
  return seat;
}

describe("the way there and back", () => {
  it("leaves nobody standing by, and the old primary behind", () => {
    expect(promoted).toMatchObject({ epoch: 2, owner: "eu-west-1", former: [first.primary] });
    expect(promoted.standby).toBeUndefined();
  });

  it("builds the next standby in the old home, under a name of its own", () => {
    expect(next(promoted)).toEqual({
      region: "eu-central-2",
      database: "acme-db-sla2",
      app: "app-2.elb.example",
    });
    expect(modelSeat(promoted, next(promoted))).toEqual(first.primary);
  });

  it("hands the instance over to the site of its new standby", () => {
    const again = protectedRoles(promoted, next(promoted), AT, "a reprotect");
    expect(again).toMatchObject({ epoch: 3, owner: "eu-central-2", former: [first.primary] });
    const back = promotedRoles(again, "eu-west-1", AT, "a failback");
    expect(back).toMatchObject({ epoch: 4, primary: { database: "acme-db-sla2" } });
    expect(next(back)).toMatchObject({ region: "eu-central-1", database: "acme-db-standby-sla4" });
    expect(modelSeat(back, next(back))).toEqual(first.standby);
  });

  it("has no seat for an instance that was sold without a standby", () => {
    const dale = alone("dale");
    expect(nextStandby(dale, firstRoles(fleetOf([dale]), dale, AT))).toBeUndefined();
  });

  it("brings back what was lost under a name of its own, with primary and standby behind it", () => {
    const there = instance("acme", {
      app: { ...app, recovery: { "eu-west-1": "app-3.elb.example" } },
    });
    const seat = recoveredSeat(there, first, "eu-west-1");
    expect(seat).toEqual({
      region: "eu-west-1",
      database: "acme-db-slar1",
      app: "app-3.elb.example",
    });
    const roles = recoveredRoles(first, seat, "eu-west-1", AT, { by: "a recovery" });
    expect(roles).toMatchObject({
      epoch: 2,
      primary: seat,
      former: [first.standby, first.primary],
    });
    expect(roles.standby).toBeUndefined();
    expect(recoveredSeat(there, first, "eu-central-2")).toMatchObject({ app: app.home });
    expect(recoveredSeat(there, first, "eu-central-1")).toMatchObject({
      database: "acme-db-standby-slar1",
      app: app.standby,
    });
    expect(recoveredSeat(there, first, "eu-north-1")).not.toHaveProperty("app");
  });

  it("protects nobody twice", () => {
    expect(() => protectedRoles(first, first.primary, AT, "x")).toThrow(/has a standby already/);
  });

  it("makes names that RDS accepts, one for each epoch", () => {
    const names = fc.stringMatching(/^[a-z](-?[a-z0-9]){0,31}$/).filter((name) => name.length < 64);
    fc.assert(
      fc.property(names, fc.integer({ min: 2, max: 99_999 }), (primary, epoch) => {
        const named = { ...acme, database: { ...acme.database, primary } };
        const name = nextStandby(named, { ...promoted, epoch })?.database ?? "";
        expect(name).toMatch(/^[a-z](-?[a-z0-9]){0,62}$/);
        expect(name.length).toBeLessThanOrEqual(63);
        expect(name.endsWith(`-sla${epoch}`)).toBe(true);
      }),
    );
  });
});

describe("a standby that is given up", () => {
  const alone = unprotectedRoles(first, "eu-west-1", AT, "a drop");

  it("leaves the primary where it is, and control as the owner", () => {
    expect(alone).toMatchObject({
      ...{ epoch: 2, owner: "eu-west-1", by: "a drop" },
      ...{ primary: first.primary, dropped: first.standby },
    });
    expect(alone).not.toHaveProperty("standby");
    expect(alone).not.toHaveProperty("former");
  });

  it("is followed by one of another name in the same region", () => {
    expect(next(alone)).toMatchObject({
      region: "eu-central-1",
      database: "acme-db-standby-sla2",
    });
    const again = protectedRoles(alone, next(alone), AT, "a reprotect");
    expect(again).toMatchObject({ epoch: 3, owner: "eu-central-1", primary: first.primary });
    expect(again).not.toHaveProperty("dropped");
  });

  it("has to be there", () => {
    expect(() => unprotectedRoles(alone, "eu-west-1", AT, "a drop")).toThrow("no standby");
  });
});
