import { describe, expect, it } from "vitest";
import { claimOn, isDue } from "../../../functions/failover/claim.ts";
import type { FenceDebt } from "../../../functions/failover/debt.ts";
import type { Roles, Seat } from "../../../lib/sla/roles.ts";

const AT = "2026-11-21T10:00:00.000Z";
const DEBT: FenceDebt = {
  kind: "fence",
  state: "owed",
  instance: "acme",
  incident: "i1",
  region: "eu-central-2",
  database: "acme-db",
  because: "region unreachable",
  since: AT,
  execution: "arn:aws:states:eu-central-1:111111111111:execution:sla-failover:fo-acme-e1",
  epoch: 1,
};
const OLD: Seat = { region: "eu-central-2", database: "acme-db" };
const NEW: Seat = { region: "eu-central-1", database: "acme-db-standby" };
const roles = (epoch: number, primary: Seat, standby?: Seat): Roles => ({
  instance: "acme",
  ...{ epoch, primary, owner: "eu-west-1", since: AT, by: "execution" },
  ...(standby && { standby }),
});

describe("the claim on an old primary", () => {
  it.each([
    ["roles of the same epoch", roles(1, OLD, NEW), "undecided"],
    ["roles of the same epoch that name another primary", roles(1, NEW), "undecided"],
    ["roles of an older epoch", roles(0, NEW), "undecided"],
    ["the next epoch", roles(2, NEW), "old"],
    ["a later epoch with another standby", roles(5, NEW, { ...OLD, database: "x" }), "old"],
    ["a namesake in another region", roles(2, { ...OLD, region: "eu-north-1" }), "old"],
    ["a later epoch in which it is the primary", roles(3, OLD, NEW), "seated"],
    ["a later epoch in which it stands by", roles(3, NEW, OLD), "seated"],
  ] as const)("by %s", (_, newest, claim) => {
    expect(claimOn(DEBT, newest)).toBe(claim);
  });
});

describe("a debt is due", () => {
  const paid = { ...DEBT, state: "paid", lookedAt: AT } as const;
  const mail = { by: "eu-west-1" };
  it.each<[string, FenceDebt, number, boolean]>([
    ["while it is owed", DEBT, 0, true],
    ["not when it is paid", paid, 3600, false],
    ["a day after somebody looked", paid, 86_400, true],
    ["not a second before that", paid, 86_399, false],
    ["not when it is cancelled", { ...paid, state: "cancelled" }, 1e6, false],
    ["while this site owes the mail", { ...paid, mail }, 0, true],
    ["not for another site's mail", { ...paid, mail: { by: "eu-central-1" } }, 0, false],
    ["not when the mail is handed over", { ...paid, mail: { ...mail, toldAt: AT } }, 0, false],
  ])("%s", (_, debt, seconds, due) => {
    const now = new Date(Date.parse(AT) + seconds * 1000);
    expect(isDue(debt, "eu-west-1", { now, paced: (each) => each * 1000 })).toBe(due);
  });
});
