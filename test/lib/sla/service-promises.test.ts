import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { allowedMinutes } from "../../../lib/sla/availability-promises.ts";
import { checkPromises, type Promising } from "../../../lib/sla/check.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";

const ACME: Instance = {
  id: "acme",
  plan: "mintsys",
  url: "https://acme.example.ch/",
  home: "eu-central-2",
  standby: "eu-central-1",
  copies: ["eu-central-1", "eu-west-1"],
  database: { primary: "acme-db", standby: "acme-db-standby", secret: "acme", name: "postgres" },
  app: { home: "acme-2.elb.example", standby: "acme-1.elb.example" },
  dns: { zone: "Z1", names: { database: "db.acme.example.ch" }, ttl: 60, stop: "cell" },
  failover: "automatic",
  contacts: ["it@acme.example"],
  fee: { amount: 49, currency: "EUR" },
};
const ALL: Omit<Promising, "plans" | "instances"> = {
  provider: { timezone: "Europe/Zurich", contact: "ops@mintsys.example" },
  vantages: ["eu-west-1", "eu-north-1", "eu-south-1"],
  frozen: { account: "222222222222", region: "eu-west-1", retainDays: 120 },
  reports: { from: "reports@mintsys.example" },
  status: {},
};

interface Changes {
  readonly fleet?: Partial<Promising>;
  readonly instance?: Partial<Instance>;
  readonly plan?: Partial<Plan>;
  readonly without?: readonly (keyof Promising)[];
}

function lineOf(promise: string, preset: string, changes: Changes = {}) {
  const { fleet, instance, plan, without = [] } = changes;
  const sold = { ...PRESETS[preset], ...plan } as Plan;
  const whole: Promising = {
    ...{ ...ALL, ...fleet, plans: { [preset]: sold } },
    instances: [{ ...ACME, plan: preset, ...instance }],
  };
  const kept = Object.entries(whole).filter(([key]) => !without.includes(key as keyof Promising));
  const lines = checkPromises(Object.fromEntries(kept) as unknown as Promising);
  return lines.find((line) => line.promise === promise);
}

const withoutStandby = (): Partial<Instance> => {
  const { standby: _, ...alone } = ACME;
  return alone;
};

describe("availability", () => {
  it("is kept where a failover at its worst fits into the shortest month", () => {
    expect(lineOf("availability", "mintsys")).toMatchObject({
      status: "kept",
      achievable: expect.stringContaining("by 2 of 3, months of Europe/Zurich: 40 minutes"),
      restsOn: "one failover takes up to 23m 23s: room for 1 a month",
    });
  });

  it("depends on luck where it does not, and says so", () => {
    expect(lineOf("availability", "cloudpepper-dedicated")).toMatchObject({
      status: "conditional",
      restsOn: expect.stringMatching(/^if no failover is needed in the month: one failover takes/),
    });
  });

  it("advises a standby where a restore takes longer than a month allows", () => {
    const line = checkPromises({
      ...{ ...ALL, plans: PRESETS },
      instances: [{ ...(withoutStandby() as Instance), plan: "odoo" }],
    }).find(({ promise }) => promise === "availability");
    expect(line).toMatchObject({ status: "conditional", change: expect.stringMatching(/standby/) });
  });

  it("is broken where a single bad look takes more than is allowed", () => {
    const watch = { everySeconds: 300, badRounds: 1, goodRounds: 1 };
    expect(lineOf("availability", "cloudpepper-dedicated", { plan: { watch } })).toMatchObject({
      status: "broken",
      change: "lower watch.everySeconds from 300 to at most 240: one bad look speaks for 5 minutes",
      where: { of: "plan", path: ["watch", "everySeconds"] },
    });
  });

  it("depends on every look where five nines are sold", () => {
    const plan = { availability: { objectivePercent: "99.999", exclusions: [] } };
    expect(lineOf("availability", "mintsys", { plan })).toMatchObject({
      status: "conditional",
      restsOn: "if not a single look is bad: one makes a minute down, and none may be",
    });
  });

  it("objects to calling proven what nobody saw", () => {
    const availability = { objectivePercent: "99.9", exclusions: [], mostUnobservedMinutes: 60 };
    expect(lineOf("availability", "mintsys", { plan: { availability } })).toMatchObject({
      status: "conditional",
      where: { of: "plan", path: ["availability", "mostUnobservedMinutes"] },
    });
  });

  it("allows as many whole minutes as still hold the objective of February, and not one more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
        const objectivePercent = (100 - millionths / 10_000).toFixed(4);
        const allowed = allowedMinutes({ objectivePercent, exclusions: [] });
        const isHeld = (down: number) =>
          BigInt(40_320 - down) * 1_000_000n >= 40_320n * (1_000_000n - BigInt(millionths));
        expect(isHeld(allowed)).toBe(true);
        expect(isHeld(allowed + 1)).toBe(false);
      }),
    );
  });
});

describe("maintenance", () => {
  it("is never more than a promise of people", () => {
    expect(lineOf("maintenance", "cloudpepper-high")).toMatchObject({
      status: "conditional",
      promised: "announced 24 h before, outside business hours",
      restsOn: expect.stringContaining("sla maintenance add 24 h before: else it is downtime"),
    });
  });

  it("names the contact and the feed that are lacking", () => {
    const nobody = lineOf("maintenance", "odoo", { instance: { contacts: [] } });
    expect(nobody?.where).toEqual({ of: "instance", path: ["contacts"] });
    const noFeed = lineOf("maintenance", "odoo", { without: ["status"] });
    expect(noFeed?.change).toMatch(/^add status: \{\} to the fleet/);
  });
});

describe("support", () => {
  it("asks for somebody who is woken where a reply is sold around the clock", () => {
    expect(lineOf("support", "cloudpepper-high")).toMatchObject({
      status: "conditional",
      promised: expect.stringMatching(
        /^Mon-Fri 09:00-18:00 Europe\/Brussels; P1 30 minutes 24\/7 if paged; P2/,
      ),
      change: expect.stringMatching(/^add onCall: to provider/),
    });
  });

  test.for([
    [9, undefined],
    [10, expect.stringMatching(/^shorten provider.onCall.*hear of it 10m before a reply is due/)],
  ] as const)("compares a chain of %i minutes with the reply", ([afterMinutes, change]) => {
    const onCall = [{ contact: "night@mintsys.example", afterMinutes }];
    const provider = { timezone: "Europe/Zurich", onCall };
    expect(lineOf("support", "cloudpepper-high", { fleet: { provider } })?.change).toEqual(change);
  });

  it("asks why nobody is woken for a reply that is sold around the clock", () => {
    const onCall = [{ contact: "night@mintsys.example", afterMinutes: 5 }];
    const provider = { timezone: "Europe/Zurich", onCall };
    const quiet = {
      support: { ...PRESETS["cloudpepper-high"]?.support, callFor: [2] },
    } as Partial<Plan>;
    const line = lineOf("support", "cloudpepper-high", { fleet: { provider }, plan: quiet });
    expect(line?.change).toMatch(/^add 1 to support.callFor: nobody is woken before a reply to P1/);
  });

  it("needs to know whose holidays are local", () => {
    expect(lineOf("support", "cloudworkz")?.change).toMatch(/^say whose public holidays/);
    const provider = { timezone: "Europe/Stockholm", holidays: "SE" };
    const known = lineOf("support", "cloudworkz", { fleet: { provider } });
    expect(known).toMatchObject({ restsOn: expect.stringMatching(/holidays of SE are free$/) });
    expect(known).not.toHaveProperty("change");
  });

  it("is broken where a priority is promised twice", () => {
    const support = PRESETS["cloudpepper-high"]?.support;
    const [first] = support?.replies ?? [];
    if (!support || !first) throw new Error("the preset sells no replies");
    const plan = { support: { ...support, replies: [first, first] } };
    expect(lineOf("support", "cloudpepper-high", { plan })).toMatchObject({
      status: "broken",
      where: { of: "plan", path: ["support", "replies", 1] },
    });
  });
});

describe("credits", () => {
  const band = (belowPercent: string, fromPercent: string, creditPercent: number) => ({
    ...{ belowPercent, fromPercent, creditPercent },
  });
  const TOP = band("99.9", "99.0", 5);
  const REST = band("99.0", "0", 10);

  test.for([
    ["bands that meet", [TOP, REST], 100, "kept", undefined],
    ["bands in any order, that overlap", [REST, band("99.9", "98.0", 5)], 100, "kept", undefined],
    ["a gap", [TOP, band("95.0", "0", 25)], 100, "broken", /from 95.0 % to below 99.0 %/],
    ["nothing below a band", [TOP], 100, "broken", /from 0 % to below 99.0 %/],
    ["no band", [], 100, "broken", /add bands/],
    [
      "a cap below a band",
      [TOP, REST],
      9,
      "broken",
      /raise credits.capPercent from 9 to at least 10/,
    ],
    ["bands that begin late", [band("99.5", "0", 5)], 100, "conditional", /from 99.5 to 99.9/],
    ["bands that begin early", [band("99.95", "0", 5)], 100, "conditional", /from 99.95 to 99.9/],
  ] as const)("of %s", ([, bands, capPercent, status, change]) => {
    const credits = { bands, capPercent, claimDays: 30 };
    const line = lineOf("credits", "cloudpepper-high", { plan: { credits } });
    expect(line).toMatchObject({
      status,
      ...(change && { change: expect.stringMatching(change) }),
    });
  });

  it("have no amount without a fee", () => {
    expect(lineOf("credits", "cloudpepper-high")?.achievable).toMatch(/^of EUR 49\.00/);
    const { fee: _, ...free } = ACME;
    const [line] = checkPromises({
      ...{ ...ALL, plans: PRESETS },
      instances: [{ ...free, plan: "cloudpepper-high" }],
    }).filter(({ promise }) => promise === "credits");
    expect(line).toMatchObject({ status: "conditional", where: { of: "instance", path: [] } });
  });
});

describe("encryption", () => {
  it("is somebody else's to keep, and looked at where it can be seen", () => {
    expect(lineOf("encryption", "mintsys")).toMatchObject({
      ...{ status: "conditional", promised: "in transit, grade A" },
      achievable: expect.stringMatching(/^two handshakes a day/),
    });
    const instance = { url: "http://acme.example.ch/" };
    expect(lineOf("encryption", "mintsys", { instance })?.where?.path).toEqual(["url"]);
  });
});

describe("what customers get to see", () => {
  it("is a report that is sealed elsewhere and mailed", () => {
    expect(lineOf("monthly report", "mintsys")?.status).toBe("kept");
    expect(lineOf("monthly report", "mintsys", { without: ["frozen"] })?.change).toMatch(/frozen/);
    expect(lineOf("monthly report", "mintsys", { without: ["reports"] })?.change).toMatch(/from/);
    const nobody = lineOf("monthly report", "mintsys", { instance: { contacts: [] } });
    expect(nobody?.where).toEqual({ of: "instance", path: ["contacts"] });
  });

  it("is a page where a feed or a dashboard is sold", () => {
    expect(lineOf("status page", "mintsys")).toBeUndefined();
    expect(lineOf("status page", "cloudpepper-high")?.status).toBe("kept");
    expect(lineOf("status page", "odoo", { without: ["status"] })?.status).toBe("conditional");
  });
});
