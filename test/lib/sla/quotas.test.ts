import { describe, expect, it } from "vitest";
import { FAILOVER_FUNCTIONS } from "../../../functions/failover/contract.ts";
import { PROBE_BATCH } from "../../../functions/probe/contract.ts";
import { SQL_BATCH } from "../../../functions/sql/contract.ts";
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

  it("counts no second database for who has no standby", () => {
    const [first] = quotaNeeds(fleetOf([alone("acme"), alone("birch")])).filter(
      ({ service, region }) => service === "rds" && region === HOME,
    );
    expect(first?.needs).toBe(2);
  });

  it("is told where AWS grants less, with the number to ask for", () => {
    expect(beyondQuotas(fleet(20))).toEqual([]);
    expect(beyondQuotas(fleet(300))).toEqual([
      expect.stringMatching(
        /^eu-central-2 \(CH\): RDS quota 'DB instances' has to be at least 600, .*; ask for 600$/,
      ),
      expect.stringMatching(/^eu-central-1 \(DE\): RDS quota/),
    ]);
  });
});
