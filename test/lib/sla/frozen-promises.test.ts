import { describe, expect, it } from "vitest";
import type { Frozen, Instance } from "../../../lib/sla/fleet.ts";
import { frozenPromises, oldestDays } from "../../../lib/sla/frozen-promises.ts";
import type { Backups } from "../../../lib/sla/plan.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { odoo } from "../../../lib/sla/presets/odoo.ts";

const FROZEN: Frozen = { account: "222222222222", region: "eu-west-1", retainDays: 120 };

function lineOf({
  copies = ["eu-central-1", "eu-west-1"],
  frozen,
}: {
  copies?: readonly string[];
  frozen?: Frozen;
}) {
  const instance = {
    id: "cedar",
    plan: "odoo",
    home: "eu-central-2",
    copies,
  } as unknown as Instance;
  const fleet = { plans: { odoo }, instances: [instance], ...(frozen && { frozen }) };
  const [line, ...others] = frozenPromises({ fleet, instance, plan: odoo });
  expect(others).toEqual([]);
  return line;
}

describe("the frozen copy that a plan sells", () => {
  it("is kept where a copy lies and as long as backups are sold", () => {
    expect(lineOf({ frozen: FROZEN })).toMatchObject({
      promise: "frozen copy",
      status: "kept",
      achievable: "120 days in eu-west-1",
    });
  });

  it.each([
    ["nowhere", {}, /add frozen/, ["fleet"]],
    [
      "where no copy of the instance lies",
      { copies: ["eu-central-1"], frozen: FROZEN },
      /name eu-west-1 in copies/,
      ["instance", "copies"],
    ],
    [
      "for less than three months of any length",
      { frozen: { ...FROZEN, retainDays: 91 } },
      /from 91 to at least 92/,
      ["fleet", "frozen", "retainDays"],
    ],
  ] as const)("is broken %s", (_where, given, change, [of, ...path]) => {
    const line = lineOf(given);
    expect(line).toMatchObject({ status: "broken", where: { of, path } });
    expect(line?.change).toMatch(change);
  });

  it("is no line where none is sold", () => {
    const instance = { copies: [] } as unknown as Instance;
    expect(
      frozenPromises({ fleet: { plans: {}, instances: [] }, instance, plan: mintsys }),
    ).toEqual([]);
  });
});

describe("the oldest backup of a plan", () => {
  const kept = (keep: string): Backups => ({
    contents: ["database"],
    schedules: [{ every: "1d", keep } as Backups["schedules"][number]],
  });
  it.each([
    [kept("36h"), 2],
    [kept("90d"), 90],
    [kept("5w"), 35],
    [kept("1mo"), 31],
    [kept("2mo"), 62],
    [kept("12mo"), 366],
    [{ contents: [], schedules: [{ every: "1d" }] } as Backups, 0],
    [odoo.backups, 92],
  ])("of %j is %i days old", (backups, days) => {
    expect(oldestDays(backups)).toBe(days);
  });
});
