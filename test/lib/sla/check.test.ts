import { RegionInfo } from "aws-cdk-lib/region-info";
import { describe, expect, it, test } from "vitest";
import { checkPromises } from "../../../lib/sla/check.ts";
import type { Fleet, Instance } from "../../../lib/sla/fleet.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { placesOf, REGIONS } from "../../../lib/sla/regions.ts";

const ACME: Instance = {
  id: "acme",
  plan: "mintsys",
  url: "https://acme.example.ch/",
  home: "eu-central-2",
  standby: "eu-central-1",
  copies: ["eu-west-1"],
  database: { primary: "acme-db", standby: "acme-db-standby", secret: "acme", name: "postgres" },
  app: { home: "acme-2.elb.example", standby: "acme-1.elb.example" },
  dns: { zone: "Z1", names: { database: "db.acme.example.ch" }, ttl: 60, stop: "cell" },
  failover: "automatic",
  contacts: [],
};
const alone = ({ standby: _, app: __, ...instance }: Instance): Instance => instance;

const linesOf = (instance: Instance, fleet: Partial<Fleet> = {}) =>
  checkPromises({ plans: PRESETS, ...fleet, instances: [instance] });
const statusOf = (instance: Instance, promise: string, fleet?: Partial<Fleet>) =>
  linesOf(instance, fleet).find((line) => line.promise === promise)?.status;

describe("checkPromises", () => {
  test.for([
    ["keeps mintsys' half hour with a standby", ACME, "RTO server loss", "kept"],
    ["keeps its five minutes with a standby", ACME, "RPO server loss", "kept"],
    ["breaks the half hour without a standby", alone(ACME), "RTO server loss", "broken"],
    ["breaks the five minutes without a standby", alone(ACME), "RPO server loss", "broken"],
    [
      "leaves odoo's hours to restores to come",
      { ...alone(ACME), plan: "odoo" },
      "RTO server loss",
      "not-yet-covered",
    ],
    [
      "leaves odoo's day to backups to come",
      { ...alone(ACME), plan: "odoo" },
      "RPO server loss",
      "not-yet-covered",
    ],
    [
      "breaks cloudpepper's hour without a standby",
      { ...alone(ACME), plan: "cloudpepper-high" },
      "RTO server loss",
      "broken",
    ],
    ["keeps Swiss and German homes", ACME, "residency of instances", "kept"],
    [
      "breaks residency by a home in Ireland",
      { ...ACME, home: "eu-west-1" },
      "residency of instances",
      "broken",
    ],
    [
      "breaks residency by a standby in Ireland",
      { ...ACME, standby: "eu-west-1" },
      "residency of instances",
      "broken",
    ],
    [
      "breaks residency by a copy in Ohio",
      { ...ACME, copies: ["us-east-2"] },
      "residency of backups",
      "broken",
    ],
    ["allows a copy in Canada", { ...ACME, copies: ["ca-west-1"] }, "residency of backups", "kept"],
    [
      "says nothing of copies that nobody configured",
      { ...ACME, copies: [] },
      "residency of backups",
      "not-yet-covered",
    ],
    [
      "breaks odoo's residency by a standby on another continent",
      { ...ACME, plan: "odoo", standby: "us-east-1" },
      "residency of instances",
      "broken",
    ],
    ["shows backups of databases as kept", ACME, "backups", "kept"],
    [
      "does not show backups of files as kept where nobody says where they lie",
      { ...ACME, plan: "binhex" },
      "backups",
      "not-yet-covered",
    ],
    [
      "shows backups of files as kept where somebody says where they lie",
      { ...ACME, plan: "binhex", filestore: "s3://acme-files" },
      "backups",
      "kept",
    ],
  ] as const)("%s", ([, instance, promise, expected]) => {
    expect(statusOf(instance, promise)).toBe(expected);
  });

  describe("RPO site loss without a standby", () => {
    const lineOf = (changes: Partial<Instance>) =>
      linesOf({ ...alone(ACME), ...changes }).find(({ promise }) => promise === "RPO site loss");

    it("says of odoo's day that only replicated logs give it, and to where", () => {
      expect(lineOf({ plan: "odoo", copies: ["eu-central-1", "eu-west-1"] })).toMatchObject({
        ...{ status: "not-yet-covered", promised: "1d", achievable: "10m" },
        restsOn:
          "only by logs that RDS replicates to eu-central-1 (DE): scheduled backups alone lose up to 1d 3h",
      });
    });

    it("breaks odoo's day where its logs have nowhere to go", () => {
      const broken = lineOf({ plan: "odoo", copies: [] });
      expect(broken).toMatchObject({ status: "broken", promised: "1d", achievable: "1d 3h" });
      expect(broken?.change).toMatch(/^name a region in copies that is not its home/);
      expect(broken?.where).toEqual({ of: "instance", path: ["copies"] });
      expect(lineOf({ plan: "odoo", copies: [ACME.home] })?.status).toBe("broken");
    });

    it("leaves binhex' day to its backups, twice a day", () => {
      const kept = lineOf({ plan: "binhex" });
      expect(kept).toMatchObject({ status: "not-yet-covered", achievable: "18h" });
      expect(kept?.restsOn).toBeUndefined();
    });

    it("says nothing more where the newest backup is what was sold", () => {
      const kept = lineOf({ plan: "cloudpepper-high" });
      expect(kept).toMatchObject({ status: "not-yet-covered", promised: "1h" });
      expect(kept?.achievable).toBeUndefined();
    });
  });

  it("judges the frozen copy's region where the plan promises one", () => {
    const frozen = { account: "222222222222", region: "us-east-1", retainDays: 120 };
    const fleet = { frozen };
    expect(statusOf({ ...ACME, plan: "odoo" }, "residency of backups", fleet)).toBe("broken");
    expect(statusOf(ACME, "residency of backups", fleet)).toBe("kept");
  });

  it("covers the application only if it stands by as well", () => {
    const covers = (instance: Instance) => linesOf(instance)[0]?.covers;
    expect(covers(ACME)).toBe("application");
    expect(covers({ ...ACME, app: { home: "acme-2.elb.example" } })).toBe("database");
  });

  it("shows the figures a program needs", () => {
    expect(linesOf(ACME)[0]).toMatchObject({
      promised: "30m",
      achievable: "23m 23s",
      margin: "6m 37s",
      seconds: { promised: 1800, achievable: 1403, margin: 397 },
    });
  });

  it("tells every broken promise's remedy", () => {
    const broken = [alone(ACME), { ...ACME, home: "us-east-1" }]
      .flatMap((instance) => linesOf(instance))
      .filter(({ status }) => status === "broken");
    expect(broken.length).toBeGreaterThan(2);
    for (const line of broken)
      expect(line.change).toMatch(/add a standby|lies outside|name \d more in copies/);
  });

  it("has no line for what is not promised", () => {
    expect(linesOf({ ...ACME, plan: "lab" }).map(({ promise }) => promise)).toEqual([
      "RTO server loss",
      "RPO server loss",
    ]);
  });
});

describe("regions", () => {
  it("are those of the public partition", () => {
    const known = RegionInfo.regions.filter(({ partition }) => partition === "aws");
    expect(Object.keys(REGIONS)).toEqual(known.map(({ name }) => name).toSorted());
  });

  it("lie in their country and area and nowhere else", () => {
    expect(placesOf("eu-central-2", ["CH", "DE", "Europe"])).toEqual(["CH", "Europe"]);
    expect(placesOf("mars-1", ["CH", "Europe"])).toEqual([]);
    expect(placesOf("constructor", ["CH", "Europe"])).toEqual([]);
  });
});
