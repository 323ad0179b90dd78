import { describe, expect, it } from "vitest";
import { failbackChecks, failbackOf } from "../../../lib/drill/failback.ts";
import type { WayBack } from "../../../lib/drill/there-and-back.ts";

const THERE = "127.0.0.1";
const HOME = "127.0.0.2";
const WAY: WayBack = {
  instance: "acme",
  dnsThere: new Map(),
  reprotectSeconds: 12,
  askedAt: 20_000,
  primary: { region: "eu-central-2", database: "acme-db-sla2", app: "app-2.elb.example" },
  servers: [THERE, HOME],
  measuredAt: "0/9000",
  epoch: 4,
  records: ["acme-db-sla2.xyz.eu-central-2.rds", "app-2.elb.example"],
};
const row = (id: number, at: number, server: string) => ({
  ...{ instance: "acme", id, at, server, stale: false },
});
const ROWS = [
  row(1, 1000, "127.0.0.9"),
  row(2, 11_000, THERE),
  row(3, 21_000, THERE),
  row(4, 24_000, HOME),
];
const way = (different: Partial<WayBack> = {}, present = [1, 2, 3, 4]) =>
  failbackOf({ ...WAY, ...different }, ROWS, new Set(present));
const broken = (different: Partial<WayBack>, present?: number[]) =>
  failbackChecks(way(different, present)).filter(({ ok }) => !ok);

describe("the way home", () => {
  it("counts what was written through it, and how long nobody could write", () => {
    expect(way()).toMatchObject({ rows: 3, rpoRows: 0, seconds: 4, heldSeconds: 3 });
    expect(broken({})).toEqual([]);
  });

  it("has lost what home does not have; rows of before the failover are another matter", () => {
    expect(way({}, [2, 4])).toMatchObject({ rpoRows: 1 });
    expect(broken({}, [2, 4]).map(({ found }) => found)).toEqual(["1 of 3"]);
  });

  it.each<readonly [string, Partial<WayBack>, RegExp]>([
    ["nothing stood by again", { reprotectSeconds: null, failure: "in vain" }, /new standby/],
    ["nobody could ask", { askedAt: null, failure: "in vain" }, /led clients home/],
    ["nothing was measured", { measuredAt: null }, /measured/],
    ["a record leads elsewhere", { records: ["acme-db-standby.x"] }, /record sets/],
    ["no record was found", { records: [] }, /record sets/],
    ["the roles stayed", { epoch: 3 }, /epoch/],
  ])("does not hold if %s", (_what, different, words) => {
    expect(
      broken(different)
        .map(({ name }) => name)
        .join(),
    ).toMatch(words);
  });
});
