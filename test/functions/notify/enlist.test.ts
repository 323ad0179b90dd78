import { describe, expect, it } from "vitest";
import { SlaError } from "../../../functions/kernel/errors.ts";
import { type Enlisting, enlist, newcomers } from "../../../functions/notify/enlist.ts";
import type { Subscribed } from "../../../functions/notify/subscriptions.ts";
import { recipients } from "../../../lib/sla/recipients.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";

const HERE = "eu-west-1";
const SMALL = fleetOf([instance("acme")]);
const LARGE = fleetOf([instance("acme"), instance("birch"), alone("cedar")]);
const on = (topic: string, ...addresses: readonly string[]): readonly Subscribed[] =>
  addresses.map((address) => ({ topic, address, isConfirmed: true }));
const alerts = (...addresses: readonly string[]) => on("sla-alerts", ...addresses);
const NEW = ["it@birch.example.ch", "it@cedar.example.ch"];

/** A topic that remembers who was asked; some addresses are refused. */
function topic(subscribed: readonly Subscribed[], refused: readonly string[] = []) {
  const asked: string[] = [];
  const enlisting: Enlisting = {
    subscribed: async () => subscribed,
    async subscribe(address) {
      if (refused.includes(address)) throw new SlaError("CloudRefused", "operator", address);
      asked.push(address);
    },
  };
  return { asked, enlisting };
}

describe("whoever a deployment brings", () => {
  it("is asked whether they want the mails, all of them the first time", async () => {
    const { asked, enlisting } = topic([]);
    await enlist({ fleet: LARGE, before: undefined }, HERE, enlisting);
    expect(asked.toSorted()).toEqual(recipients(LARGE, HERE));
  });

  it("is asked alone, later", async () => {
    const { asked, enlisting } = topic(alerts(...recipients(SMALL, HERE)));
    expect(await enlist({ fleet: LARGE, before: SMALL }, HERE, enlisting)).toEqual(NEW);
    expect(asked.toSorted()).toEqual(NEW);
  });

  it("is not asked again who has taken themselves off, nor who is there under another spelling", () => {
    const [, ...others] = recipients(SMALL, HERE);
    expect(newcomers({ fleet: SMALL, before: SMALL }, HERE, alerts(...others))).toEqual([]);
    const loud = alerts(...recipients(LARGE, HERE).map((each) => each.toUpperCase()));
    expect(newcomers({ fleet: LARGE, before: undefined }, HERE, loud)).toEqual([]);
  });

  it("is asked although they hear of the site's own alarms", () => {
    const known = [...alerts(...recipients(SMALL, HERE)), ...on("sla-operators", ...NEW)];
    expect(newcomers({ fleet: LARGE, before: SMALL }, HERE, known)).toEqual(NEW);
  });

  it("is asked though another cannot be, and the deployment learns of that one", async () => {
    const { asked, enlisting } = topic([], NEW.slice(0, 1));
    const enlisted = enlist({ fleet: LARGE, before: undefined }, HERE, enlisting);
    await expect(enlisted).rejects.toMatchObject({ code: "CloudRefused" });
    expect(asked).toHaveLength(recipients(LARGE, HERE).length - 1);
  });

  it("hears from the sites that can come to watch their instance, not from others", () => {
    const asked = newcomers({ fleet: LARGE, before: undefined }, "eu-central-1", []);
    expect(asked).toContain("it@acme.example.ch");
    expect(asked).not.toContain("it@cedar.example.ch");
  });
});
