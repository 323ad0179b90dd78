import { describe, expect, it } from "vitest";
import { FAILOVER_FUNCTIONS } from "../../../functions/failover/contract.ts";
import { PROBE_BATCH } from "../../../functions/probe/contract.ts";
import { SQL_BATCH } from "../../../functions/sql/contract.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import {
  AT_WORK,
  beyondQuotas,
  quotaNeeds,
  RESERVED,
  reservedPerSite,
} from "../../../lib/sla/quotas.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";

const HOME = "eu-central-2";
const fleet = (count: number) =>
  fleetOf(Array.from({ length: count }, (_, index) => instance(`shop-${index}`)));
const need = (count: number, service: string) =>
  quotaNeeds(fleet(count)).find((it) => it.service === service && it.region === HOME);

describe("what a fleet needs of AWS", () => {
  it("counts with the numbers that are deployed", () => {
    expect(RESERVED.failover.functions).toBe(Object.keys(FAILOVER_FUNCTIONS).length);
    expect([AT_WORK.probeBatch, AT_WORK.sqlBatch]).toEqual([PROBE_BATCH, SQL_BATCH]);
    expect(reservedPerSite()).toBe(266);
  });

  it.each([
    [1, 366, undefined],
    [250, 366, undefined],
    [1000, 406, undefined],
    [10_000, 1334, 1500],
  ])("of Lambda, with %i instances, is %i; to be asked for: %s", (count, needs, ask) => {
    expect(need(count, "lambda")).toMatchObject({ code: "L-B99A9384", needs, granted: 1000 });
    expect(need(count, "lambda")?.ask).toBe(ask);
  });

  it.each([
    [20, 40, undefined],
    [21, 42, 50],
    [300, 600, 600],
  ])(
    "of RDS, with %i instances at home, is %i databases; to be asked for: %s",
    (count, needs, ask) => {
      expect(need(count, "rds")).toMatchObject({ needs, granted: 40 });
      expect(need(count, "rds")?.ask).toBe(ask);
    },
  );

  it("of Lambda is five more where links to frozen copies are answered", () => {
    const frozenIn = (region: string) => {
      const frozen = { account: "222222222222", region, retainDays: 120 };
      const needs = quotaNeeds({ ...fleet(1), frozen });
      return needs.find((it) => it.service === "lambda" && it.region === region)?.needs;
    };
    expect(frozenIn("eu-west-1")).toBe(371);
    // No function has a URL there.
    expect(frozenIn("eu-central-2")).toBe(366);
  });

  it("of Lambda is five more where a helpdesk is answered", () => {
    const helpdesk = { issuer: "https://login.example", audience: ["a"], scope: "b" };
    const one = fleet(1);
    const answering = { ...one, provider: { ...one.provider, helpdesk } };
    const needs = quotaNeeds(answering).filter(({ service }) => service === "lambda");
    expect(needs.map(({ region, needs: count }) => [region, count]).toSorted()).toEqual([
      ["eu-central-1", 366],
      ["eu-central-2", 371],
      ["eu-west-1", 371],
    ]);
  });

  it("of Lambda is twenty more where dumps are sent to customers", () => {
    const destination = { kind: "s3", bucket: "b", region: HOME, prefix: "", secret: "s" } as const;
    const frozen = { account: "222222222222", region: "eu-central-2", retainDays: 120 };
    const sending = fleetOf([instance("acme", { destination })]);
    const [first] = quotaNeeds({ ...sending, frozen });
    expect(first).toMatchObject({ region: "eu-central-2", service: "lambda", needs: 386 });
  });

  it("counts no second database for who has no standby", () => {
    const [first] = quotaNeeds(fleetOf([alone("acme"), alone("birch")])).filter(
      ({ service, region }) => service === "rds" && region === HOME,
    );
    expect(first?.needs).toBe(2);
  });

  it("is told where AWS grants less, with the number to ask for", () => {
    expect(beyondQuotas(fleet(20))).toEqual([]);
    const filters = (region: string) =>
      expect.stringMatching(
        new RegExp(
          `^${region} .*: SNS quota 'Filter policies per topic' has to be at least 301, AWS grants 200 .*; ask for 400$`,
        ),
      );
    expect(beyondQuotas(fleet(300))).toEqual([
      expect.stringMatching(
        /^eu-central-2 \(CH\): RDS quota 'DB instances' \(L-7B6409FD\) has to be at least 600, .*; ask for 600$/,
      ),
      filters("eu-central-2"),
      expect.stringMatching(/^eu-central-1 \(DE\): RDS quota/),
      filters("eu-central-1"),
      filters("eu-west-1"),
    ]);
  });
});

describe("what its backups need of AWS", () => {
  const backedUp = (count: number, plan: string, copies = ["eu-west-1"]) =>
    fleetOf(
      Array.from({ length: count }, (_, index) => instance(`shop-${index}`, { copies })),
      PRESETS[plan],
    );
  const needs = (fleet: ReturnType<typeof fleetOf>, quota: RegExp) =>
    quotaNeeds(fleet).filter((it) => quota.test(it.quota));

  it.each([
    [4, "mintsys", 64, 83, undefined],
    [5, "mintsys", 80, 103, 150],
    [6, "mintsys", 96, 124, 150],
    [2, "cloudpepper-high", 130, 293, 300],
  ])(
    "with %i instances of %s: %i snapshots, %i with three days held back and some to spare; to be asked for: %s",
    (count, plan, held, total, ask) => {
      const found = needs(backedUp(count, plan), /^Manual/);
      const regions = ["eu-central-1", "eu-central-2", "eu-west-1"];
      expect(found.map(({ region }) => region)).toEqual(regions);
      for (const need of found) {
        expect(need).toMatchObject({ code: "L-272F1212", granted: 100, needs: total });
        expect(need.because).toContain(`${held} that ${count} instances' plans hold`);
        expect(need.ask).toBe(ask);
      }
    },
  );

  it("counts a region once for who has both its standby and a copy there", () => {
    const both = needs(backedUp(1, "mintsys", ["eu-central-1"]), /^Manual/);
    expect(both.map(({ region, needs: total }) => [region, total])).toEqual([
      ["eu-central-1", 21],
      ["eu-central-2", 21],
    ]);
  });

  it("counts copies on their way to a region, of which AWS allows no more", () => {
    expect(needs(backedUp(480, "mintsys"), /^Snapshot copies/)).toMatchObject([
      { region: "eu-west-1", needs: 20, granted: 20 },
    ]);
    const beyond = beyondQuotas(backedUp(481, "mintsys")).find((it) => it.includes("in flight"));
    expect(beyond).toMatch(
      /at least 21, AWS grants 20: 481 copies a day, .*; AWS gives no more: copy/,
    );
  });

  it("counts logs that RDS replicates for who has no standby, by their first place", () => {
    const without = (count: number, plan = "odoo") =>
      fleetOf(
        Array.from({ length: count }, (_, index) =>
          alone(`shop-${index}`, {
            copies: index % 3 === 0 ? ["eu-central-1", "eu-west-1"] : ["eu-west-1"],
          }),
        ),
        PRESETS[plan],
      );
    expect(needs(without(30), /replicated/)).toMatchObject([
      { region: "eu-central-1", needs: 10, granted: 20 },
      { region: "eu-west-1", needs: 20, granted: 20 },
    ]);
    expect(beyondQuotas(without(30)).filter((it) => it.includes("replicated"))).toEqual([]);
    expect(beyondQuotas(without(32)).filter((it) => it.includes("replicated"))).toEqual([
      expect.stringMatching(
        /^eu-west-1 \(IE\): RDS quota 'Automated backups replicated into a region' has to be at least 21, AWS grants 20: 21 instances without a standby .*; AWS gives no more: name another region first/,
      ),
    ]);
    expect(needs(without(30, "binhex"), /replicated/)).toEqual([]);
    expect(needs(backedUp(30, "odoo"), /replicated/)).toEqual([]);
  });

  it("needs nothing for plans without backups", () => {
    expect(needs(fleet(3), /snapshot|replicated/i)).toEqual([]);
  });
});
