import { describe, expect, it } from "vitest";
import { dutyOf } from "../../../functions/watch/owners.ts";
import { subjectsOf } from "../../../functions/watch/subject.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const FLEET = fleetOf([instance("acme")]);
const HEARD = "2026-03-02T10:00:00.000Z";
const [OWNER, CONTROL] = ["eu-central-1", "eu-west-1"];

const inStead = (silentSeconds: number, pace: number) => {
  const roles = new Map(FLEET.instances.map((each) => [each.id, firstRoles(FLEET, each, HEARD)]));
  const slot = new Date(Date.parse(HEARD) + silentSeconds * 1000).toISOString();
  const clock = new FakeClock(HEARD, pace);
  const subjects = subjectsOf(FLEET, "s00", roles);
  return dutyOf(subjects, CONTROL, FLEET, { owners: { [OWNER]: HEARD } }, slot, clock).inStead;
};

describe("the watch at control", () => {
  it.each([
    [180, 1, 0],
    [181, 1, 1],
    [4, 60, 0],
    [30, 60, 0],
    [31, 60, 1],
  ])("after %i s of an owner's silence at pace %i looks in its stead at %i", (seconds, pace, n) => {
    expect(inStead(seconds, pace)).toHaveLength(n);
  });
});
