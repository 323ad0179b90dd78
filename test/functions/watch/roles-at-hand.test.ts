import { describe, expect, it } from "vitest";
import { SlaError } from "../../../functions/kernel/errors.ts";
import { rolesAtHand } from "../../../functions/watch/roles-at-hand.ts";
import { firstRoles, type Roles } from "../../../lib/sla/roles.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { alone, fleetOf } from "../../fakes/fleet.ts";

const SINCE = "2026-03-02T10:00:00.000Z";
const FLEET = fleetOf([alone("cedar")]);
const ofEpoch = (epoch: number): ReadonlyMap<string, Roles> =>
  new Map(FLEET.instances.map((one) => [one.id, { ...firstRoles(FLEET, one, SINCE), epoch }]));
const SILENT = new SlaError("CloudUnreachable", "cloud", "list roles/: no answer");

/** A ledger whose answers a test gives, one question after the other. */
function asked() {
  const questions: PromiseWithResolvers<ReadonlyMap<string, Roles>>[] = [];
  const all = () => {
    const question = Promise.withResolvers<ReadonlyMap<string, Roles>>();
    questions.push(question);
    return question.promise;
  };
  const atHand = rolesAtHand({ all }, new FakeClock(SINCE));
  const answer = (roles: ReadonlyMap<string, Roles>) => {
    const next = atHand.all();
    questions.at(-1)?.resolve(roles);
    return next;
  };
  return { questions, atHand, answer };
}

describe("roles at hand", () => {
  it("are those of now while the ledger answers", async () => {
    const { answer } = asked();
    expect(await answer(ofEpoch(1))).toEqual(ofEpoch(1));
    expect(await answer(ofEpoch(2))).toEqual(ofEpoch(2));
  });

  it("are those of before while it hangs, and it is asked once for all who wait", async () => {
    const { questions, atHand, answer } = asked();
    await answer(ofEpoch(1));
    for (let look = 0; look < 3; look += 1) expect(await atHand.all()).toEqual(ofEpoch(1));
    expect(questions).toHaveLength(2);
    questions.at(-1)?.resolve(ofEpoch(2));
    expect(await answer(ofEpoch(3))).toEqual(ofEpoch(2));
    expect(await answer(ofEpoch(3))).toEqual(ofEpoch(3));
  });

  it("are those of before when it refuses, and it is asked again", async () => {
    const { questions, atHand, answer } = asked();
    await answer(ofEpoch(1));
    const refused = atHand.all();
    questions.at(-1)?.reject(SILENT);
    expect(await refused).toEqual(ofEpoch(1));
    expect(await answer(ofEpoch(2))).toEqual(ofEpoch(2));
  });

  it("are none where none were ever read: then there is no heartbeat", async () => {
    const { questions, atHand, answer } = asked();
    const first = atHand.all();
    questions.at(-1)?.reject(SILENT);
    await expect(first).rejects.toThrow("no answer");
    expect(await answer(ofEpoch(1))).toEqual(ofEpoch(1));
  });
});
