import { describe, expect, it } from "vitest";
import { alone, fleetOf, instance } from "../fakes/fleet.ts";
import { GOOD_ACCOUNT, GOOD_TLS, keptAccount, silent } from "../fakes/kept-account.ts";

const acmeAndDale = () => keptAccount(fleetOf([instance("acme"), alone("dale")]));

describe("the daily look at the account", () => {
  it("of one that is as it was adopted tells nobody anything, and records what it saw", async () => {
    const kept = await acmeAndDale();
    const record = await kept.daily();
    expect(kept.told).toEqual([]);
    expect(record).toMatchObject({
      ...{ fleet: "fleet/1.json", findings: [], unlooked: [] },
      tls: { acme: { grade: "A", because: [] }, dale: { grade: "A" } },
    });
    expect(kept.ledgers.at("eu-west-1").peek("live/eu-west-1.json")).toEqual(record);
  });

  it("tells what has drifted once, with the command that mends it, and that it is mended", async () => {
    const kept = await acmeAndDale();
    const { secrets } = kept.account;
    kept.change = { secrets: { look: async () => undefined } };
    const first = await kept.daily();
    expect(kept.told.map(({ kind }) => kind)).toEqual(["account-drifted", "account-exposed"]);
    expect(kept.told[0]?.lines).toContain("acme: eu-central-2 has no secret acme-db/sla:");
    expect(kept.told[0]?.lines).toContain("  npx sla adopt acme");
    expect(kept.told[1]?.lines[0]).toBe("Nothing is wrong today; some night this will be missed:");
    const second = await kept.tomorrow();
    expect(kept.told).toHaveLength(2);
    expect(second?.findings.map(({ since }) => since)).toEqual(
      first?.findings.map(({ since }) => since),
    );
    kept.change = { secrets };
    expect((await kept.tomorrow())?.findings).toEqual([]);
    expect(kept.told.at(-1)).toMatchObject({ kind: "account-mended", instance: "eu-west-1" });
    expect(kept.told.at(-1)?.lines.at(-1)).toBe("The account is as the fleet needs it.");
    await kept.tomorrow();
    expect(kept.told).toHaveLength(3);
  });

  it("does not tell a number again that has changed, but a risk that has become a break", async () => {
    const kept = await acmeAndDale();
    const bootstrap = (version: number) => ({ ...GOOD_ACCOUNT, bootstrap: async () => version });
    const used = (uses: number, has: number) => ({
      account: {
        ...GOOD_ACCOUNT,
        quotas: async () => ({ "L-B99A9384": { has: 9999 }, "L-7B6409FD": { has, uses } }),
      },
    });
    kept.change = used(81, 100);
    await kept.daily();
    kept.change = used(85, 100);
    await kept.tomorrow();
    expect(kept.told.map(({ kind }) => kind)).toEqual(["account-exposed"]);
    kept.change = used(85, 1);
    await kept.tomorrow();
    expect(kept.told.map(({ kind }) => kind)).toEqual(["account-exposed", "account-drifted"]);
    kept.change = { account: bootstrap(0) };
    await kept.tomorrow();
    expect(kept.told.slice(2).map(({ kind }) => kind)).toEqual([
      "account-drifted",
      "account-mended",
    ]);
  });

  it("keeps what was found of what does not answer any more, and tells nobody", async () => {
    const kept = await acmeAndDale();
    kept.change = { zones: { records: async () => [] }, tls: async () => undefined };
    const { findings = [] } = (await kept.daily()) ?? {};
    expect(findings.length).toBeGreaterThan(0);
    const { told } = kept;
    const before = told.length;
    for (const change of [{ zones: { records: silent } }, { roles: silent }]) {
      kept.change = change;
      const record = await kept.tomorrow();
      expect(record?.findings.filter(({ area }) => area === "names")).toEqual(findings);
      expect(told).toHaveLength(before);
    }
  });

  it("tells that something could not be looked at for longer than a day, and that it is seen again", async () => {
    const kept = await acmeAndDale();
    kept.change = { tls: silent };
    await kept.daily();
    await kept.tomorrow();
    expect(kept.told).toEqual([]);
    await kept.tomorrow();
    expect(kept.told).toMatchObject([{ kind: "account-exposed" }]);
    expect(kept.told[0]?.lines[1]).toMatch(
      /^acme: TLS could not be looked at since .*: no answer$/,
    );
    await kept.tomorrow();
    expect(kept.told).toHaveLength(1);
    kept.change = {};
    await kept.tomorrow();
    expect(kept.told).toMatchObject([{}, { kind: "account-mended" }]);
  });

  it("forgets without a word what is not asked for any more", async () => {
    const kept = await acmeAndDale();
    kept.change = { zones: { records: async () => [] } };
    await kept.daily();
    const before = kept.told.length;
    kept.account.leave("acme");
    kept.account.leave("dale");
    expect((await kept.tomorrow())?.findings).toEqual([]);
    expect(kept.told).toHaveLength(before);
  });

  it("keeps the grade of an endpoint that is silent, with its day", async () => {
    const kept = await acmeAndDale();
    const first = await kept.daily();
    kept.change = { tls: async (url) => (url.includes("acme") ? silent() : GOOD_TLS) };
    const second = await kept.tomorrow();
    expect(second?.tls["acme"]).toEqual(first?.tls["acme"]);
    expect(second?.tls["dale"]?.at).not.toBe(first?.tls["dale"]?.at);
  });
});

describe("a waking", () => {
  it("on the same day has nothing to do, unless something was missed, the fleet is another or a person asks", async () => {
    const kept = await acmeAndDale();
    const isLooking = async (event = {}) => (await kept.daily(event)) !== undefined;
    expect(await isLooking()).toBe(true);
    await kept.hours(12);
    expect(await isLooking()).toBe(false);
    expect(await isLooking({ now: true })).toBe(true);
    kept.fleetKey = "fleet/2.json";
    expect(await isLooking()).toBe(true);
    kept.change = { tls: silent };
    expect(await isLooking()).toBe(false);
    await kept.hours(24);
    expect(await isLooking()).toBe(true);
    await kept.hours(12);
    expect(await isLooking()).toBe(true);
  });

  it("begins with what the last one missed", async () => {
    const ids = Array.from({ length: 40 }, (_, at) => alone(`i${at}`));
    const kept = await keptAccount(fleetOf(ids));
    kept.change = { tls: async (url) => (url.includes("i39.") ? silent() : GOOD_TLS) };
    await kept.daily();
    const order: string[] = [];
    kept.change = {
      tls: async (url) => {
        order.push(url);
        return GOOD_TLS;
      },
    };
    await kept.daily();
    expect(order[0]).toContain("i39.");
  });
});
