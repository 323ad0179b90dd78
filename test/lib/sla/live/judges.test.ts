import { describe, expect, it } from "vitest";
import { KEPT_TAGS, STANDBY_TAGS } from "../../../../lib/sla/database-tags.ts";
import type { Engine } from "../../../../lib/sla/engine.ts";
import { parameterGroupOf } from "../../../../lib/sla/fleet.ts";
import type { Finding } from "../../../../lib/sla/live/finding.ts";
import { judgeFollowing } from "../../../../lib/sla/live/judge-following.ts";
import {
  judgeName,
  type NameWanted,
  type RecordLook,
} from "../../../../lib/sla/live/judge-names.ts";
import {
  judgeRegion,
  LEAST_BOOTSTRAP,
  type RegionLook,
  regionsOf,
} from "../../../../lib/sla/live/judge-region.ts";
import { judgeSeats, type SeatLook } from "../../../../lib/sla/live/judge-seats.ts";
import type { Plan } from "../../../../lib/sla/plan.ts";
import { quotaNeeds } from "../../../../lib/sla/quotas.ts";
import { alone, fleetOf, instance, QUICK_PLAN, regional } from "../../../fakes/fleet.ts";

const FLEET = fleetOf([instance("acme")]);
const words = (findings: readonly Finding[]) =>
  findings.map(({ weight, says }) => `${weight}: ${says}`);

describe("databases", () => {
  const PRIMARY: SeatLook = {
    ...{ id: "acme-db", arn: "arn:acme-db", status: "available", instanceClass: "db.m7g.large" },
    ...{ multiAz: true, encrypted: true, deletionProtection: true, retentionDays: 7 },
    ...{ groups: ["sg-2"], parameterGroup: "odoo-15", tags: STANDBY_TAGS },
  };
  const STANDBY: SeatLook = {
    ...{ ...PRIMARY, id: "acme-db-standby", arn: "arn:acme-db-standby", groups: ["sg-1"] },
    ...{ replicaOf: "arn:acme-db", replication: "replicating" },
  };
  const STRICT = {
    ...QUICK_PLAN,
    multiAz: { required: true, waitSeconds: 60 },
    encryption: { atRest: true },
  } as unknown as Plan;
  const judged = (
    primary: Partial<SeatLook> | undefined,
    standby: Partial<SeatLook> | "none" | "gone" = {},
    of = instance("acme"),
    byTag = false,
  ) =>
    judgeSeats(
      { instance: of, plan: STRICT, sites: FLEET.sites, byTag },
      {
        primary: {
          ...{ region: "eu-central-2", database: "acme-db" },
          ...(primary && { look: { ...PRIMARY, ...primary } }),
        },
        ...(standby !== "none" && {
          standby: {
            ...{ region: "eu-central-1", database: "acme-db-standby" },
            ...(standby !== "gone" && { look: { ...STANDBY, ...standby } }),
          },
        }),
      },
    );

  it("that are as they have to be are not spoken of", () => {
    expect(judged({})).toEqual([]);
    expect(judged({}, "none", alone("acme"))).toEqual([]);
  });

  it("of a global database are judged as clusters, without what only replicas of ours have", () => {
    const [isCluster, tags] = [true as const, {}];
    const found = judged(
      { isCluster, tags, multiAz: false, deletionProtection: false },
      { isCluster, tags, replication: "pending-resync" },
      instance("acme", {}, "aurora-postgresql"),
      true,
    );
    expect(words(found)).toEqual([
      "broken: acme-db has one member, from which nobody takes over: add another",
      "risk: nothing protects acme-db from deletion",
      "broken: acme-db-standby is pending-resync",
    ]);
    const mends = found.flatMap(({ mend }) => mend ?? []).join("\n");
    expect(mends).toContain("rds modify-db-cluster --db-cluster-identifier acme-db ");
    expect(mends).not.toMatch(/db-instance|drop-standby|adopt/);
  });

  it("of a global database that lacks a cluster are given one by RDS", () => {
    const found = judged({ isCluster: true }, "gone", instance("acme", {}, "aurora-mysql"));
    expect(found.map(({ mend }) => mend).join()).toMatch(/add a cluster of that name/);
    expect(
      judged({}, "gone")
        .map(({ mend }) => mend)
        .join(),
    ).toContain("--drop-standby");
  });

  it("of one region need a second member, whatever their plan promises", () => {
    const one = regional("acme", "aurora-postgresql");
    const look = { isCluster: true as const, multiAz: false };
    const seen = (primary: Partial<SeatLook>) => words(judged(primary, "none", one));
    expect(seen(look)).toEqual([
      "broken: acme-db has one member, from which nobody takes over: add another",
    ]);
    expect(seen({ ...look, multiAz: true })).toEqual([]);
  });

  const [STANDS_BY, SERVES] = ["acme-db-standby", "acme-db"].map(
    (id) => `--db-instance-identifier ${id} --apply-immediately --engine-version`,
  );
  const FORCED = "--allow-major-version-upgrade";
  it.each<[Engine | undefined, string, string, Finding["weight"], RegExp, string]>([
    ["mariadb", "10.11.6", "10.11.8", "risk", /over with that/, `${STANDS_BY} 10.11.8`],
    ["mariadb", "10.6.18", "10.11.8", "broken", /may stop/, `${STANDS_BY} 10.11.8 ${FORCED}`],
    ["mariadb", "11.4.2", "10.11.8", "risk", /an upgrade/, `${SERVES} 11.4.2 ${FORCED}`],
    ["mysql", "8.0.40", "8.4.5", "broken", /may stop/, `${STANDS_BY} 8.4.5 ${FORCED}`],
    ["mysql", "8.4.6", "8.4.5", "risk", /an upgrade/, `${SERVES} 8.4.6`],
    [undefined, "15.9", "15.18", "risk", /over with that/, `${STANDS_BY} 15.18`],
    [undefined, "16.3", "15.18", "risk", /an upgrade/, `${SERVES} 16.3 ${FORCED}`],
  ])("of another version than their primary: %s %s beside %s", (...row) => {
    const [engine, version, primary, weight, says, mend] = row;
    const site = FLEET.sites["eu-central-2"];
    const group = site && parameterGroupOf(site, engine);
    const runs = (it: string) => ({ version: it, ...(group && { parameterGroup: group }) });
    const of = instance("acme", {}, engine);
    expect(judged(runs(primary), runs(primary), of)).toEqual([]);
    const [found, ...more] = judged(runs(primary), runs(version), of);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ weight, says: expect.stringMatching(says) });
    expect(found?.mend?.endsWith(mend)).toBe(true);
  });

  it("without their tags are broken where permissions go by tags, and else a standby is at risk", () => {
    const bare = { tags: {} };
    expect(words(judged(bare, bare))).toEqual([
      "risk: acme-db-standby has no tag sla:standby: were it to fill its primary's storage, nothing would give it up",
    ]);
    const large = judged(bare, { tags: KEPT_TAGS }, instance("acme"), true);
    expect(words(large)).toEqual([
      expect.stringMatching(/^broken: acme-db has no tag sla:kept.*neither fenced nor promoted$/),
      expect.stringMatching(/^risk: acme-db-standby has no tag sla:standby/),
    ]);
    expect(large.map(({ mend }) => mend)).toEqual(Array(2).fill("npx sla adopt acme"));
  });

  it.each([
    [
      "gone",
      undefined,
      {},
      ["broken: eu-central-2 has no database acme-db, which its roles call primary"],
    ],
    [
      "in one zone",
      { multiAz: false },
      {},
      ["broken: acme-db is in one zone; its plan promises a live copy"],
    ],
    [
      "a replica",
      { replicaOf: "x" },
      {},
      ["broken: acme-db is a replica of x, its roles call it primary"],
    ],
    [
      "quarantined",
      { groups: ["sg-2", "sg-2q"] },
      {},
      ["broken: acme-db serves in quarantine (sg-2q)"],
    ],
    [
      "plain",
      { encrypted: false },
      {},
      [expect.stringMatching(/^broken: acme-db is not encrypted/)],
    ],
    [
      "without backups",
      { retentionDays: 0 },
      {},
      [expect.stringMatching(/^broken: acme-db keeps no backups/)],
    ],
    [
      "unreached",
      { groups: ["sg-9"] },
      {},
      [expect.stringMatching(/^broken: acme-db is not in sg-2/)],
    ],
    [
      "unprotected",
      { deletionProtection: false },
      {},
      ["risk: nothing protects acme-db from deletion"],
    ],
    [
      "otherwise tuned",
      { parameterGroup: "x" },
      {},
      [expect.stringMatching(/^risk: acme-db runs with x/)],
    ],
    [
      "unfollowed",
      {},
      "gone",
      [expect.stringMatching(/^broken: eu-central-1 has no database acme-db-standby/)],
    ],
    ["given up", {}, "none", ["broken: nobody stands by"]],
    [
      "followed by another's",
      {},
      { replicaOf: "arn:x" },
      ["broken: acme-db-standby follows arn:x, not acme-db"],
    ],
    [
      "followed no more",
      {},
      { replication: "terminated" },
      ["broken: acme-db-standby is terminated"],
    ],
    [
      "followed by less",
      {},
      { instanceClass: "db.t4g.micro" },
      [expect.stringMatching(/^risk: acme-db-standby is db.t4g.micro/)],
    ],
    [
      "followed without backups",
      {},
      { retentionDays: 0 },
      [expect.stringMatching(/^broken: acme-db-standby keeps no backups/)],
    ],
  ] as const)("that are %s are", (_what, primary, standby, expected) => {
    expect(words(judged(primary, standby))).toEqual(expected);
  });

  it("get a command for everything that one mends", () => {
    const findings = judged({ retentionDays: 0, deletionProtection: false, parameterGroup: "x" });
    for (const { mend } of findings)
      expect(mend).toMatch(/^aws --region eu-central-2 rds modify-db/);
  });
});

describe("a name", () => {
  const WANTED: NameWanted = {
    ...{ name: "db.acme.example.ch", primary: "p.rds", standby: "s.rds", ttl: 60 },
    isChecked: true,
  };
  const record = (
    target: string,
    role?: "PRIMARY" | "SECONDARY",
    more: Partial<RecordLook> = {},
  ) => ({
    ...{ name: "db.acme.example.ch.", type: "CNAME", target, ttl: 60 },
    ...(role && { failover: { role, ...(role === "PRIMARY" && { healthCheck: "c" }) } }),
    ...more,
  });
  const PAIR = [record("P.rds.", "PRIMARY"), record("s.rds", "SECONDARY")];

  it.each([
    ["right", WANTED, PAIR, []],
    ["right where nobody stands by", { ...WANTED, standby: undefined }, [record("p.rds")], []],
    ["nowhere", WANTED, [], ["broken: db.acme.example.ch leads nowhere"]],
    [
      "led to whoever does not serve",
      WANTED,
      [record("s.rds", "PRIMARY"), record("s.rds", "SECONDARY")],
      [expect.stringContaining("leads to s.rds, not to p.rds, which serves")],
    ],
    [
      "kept for long",
      WANTED,
      PAIR.map((each) => ({ ...each, ttl: 3600 })),
      [expect.stringContaining("for 3600 s, the RTO counts on 60 s")],
    ],
    ["no pair", WANTED, [record("p.rds")], [expect.stringContaining("is no failover pair")]],
    [
      "half a pair",
      WANTED,
      [record("p.rds", "PRIMARY")],
      [expect.stringContaining("is no failover pair")],
    ],
    [
      "led nowhere useful later",
      WANTED,
      [record("p.rds", "PRIMARY"), record("x", "SECONDARY")],
      [expect.stringContaining("SECONDARY of db.acme.example.ch leads to x")],
    ],
    [
      "without its check",
      WANTED,
      [record("p.rds", "PRIMARY", { failover: { role: "PRIMARY" } }), record("s.rds", "SECONDARY")],
      [expect.stringMatching(/^risk: .*has no STOP check/)],
    ],
    [
      "without a check where there can be none",
      { ...WANTED, isChecked: false },
      [record("p.rds", "PRIMARY", { failover: { role: "PRIMARY" } }), record("s.rds", "SECONDARY")],
      [],
    ],
    [
      "an address",
      { ...WANTED, standby: undefined },
      [{ name: "db.acme.example.ch", type: "A", ttl: 60 }],
      [expect.stringContaining("leads to nothing that a CNAME names")],
    ],
  ] as const)("that is %s", (_what, wanted, records, expected) => {
    const { standby, ...rest } = wanted;
    const given = { ...rest, ...(standby !== undefined && { standby }) };
    expect(words(judgeName("acme", given, records))).toEqual(expected);
  });
});

describe("a region", () => {
  const needs = quotaNeeds(FLEET).filter(({ region }) => region === "eu-central-1");
  const enough = Object.fromEntries(
    needs.flatMap(({ code, needs: has }) => (code === undefined ? [] : [[code, { has, uses: 1 }]])),
  );
  const GOOD: RegionLook = {
    ...{ region: "eu-central-1", isOn: true, bootstrap: LEAST_BOOTSTRAP },
    ...{ quotas: enough, unconfirmed: [] },
  };
  const judged = (change: Partial<RegionLook>) => judgeRegion(FLEET, { ...GOOD, ...change });

  it("that has all of it is not spoken of, nor one of which nothing is known", () => {
    expect(judged({})).toEqual([]);
    expect(judgeRegion(FLEET, { region: "eu-central-1" })).toEqual([]);
  });

  it("that is off is told that alone", () => {
    expect(judged({ isOn: false, bootstrap: 0 })).toMatchObject([
      { weight: "broken", mend: "aws account enable-region --region-name eu-central-1" },
    ]);
  });

  it("is told to be bootstrapped, before a deployment fails of it", () => {
    const mend = "npx cdk bootstrap aws://111111111111/eu-central-1";
    expect(judged({ bootstrap: 0 })).toMatchObject([{ weight: "broken", mend }]);
    expect(judged({ bootstrap: LEAST_BOOTSTRAP - 1 })).toMatchObject([{ weight: "risk", mend }]);
  });

  it("is told which quota the fleet is beyond, and which number to ask for", () => {
    const findings = judged({ quotas: { ...enough, "L-B99A9384": { has: 10 } } });
    expect(findings).toMatchObject([
      {
        weight: "broken",
        says: expect.stringMatching(
          /^Concurrent executions: the account has 10, the fleet needs \d+/,
        ),
        mend: expect.stringMatching(
          /request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value \d+$/,
        ),
      },
    ]);
  });

  it("is told of a quota that is nearly used up", () => {
    const quotas = { ...enough, "L-7B6409FD": { has: 40, uses: 32 } };
    expect(words(judged({ quotas }))).toEqual(["risk: DB instances: 32 of 40 are used"]);
    expect(judged({ quotas: { ...quotas, "L-7B6409FD": { has: 40, uses: 31 } } })).toEqual([]);
  });

  it("is told who hears nothing", () => {
    const unconfirmed = [{ address: "ops@orchard.example", topic: "sla-alerts" }];
    expect(words(judged({ unconfirmed }))).toEqual([
      "broken: ops@orchard.example has not confirmed sla-alerts, and hears nothing",
    ]);
  });

  it("is every one in which something of ours runs", () => {
    expect(regionsOf(FLEET)).toEqual([
      ...["eu-central-2", "eu-central-1", "eu-west-1", "eu-north-1", "eu-south-1"],
    ]);
  });
});

describe("a standby that RDS calls replicating", () => {
  const at = (secondsAgo: number) => new Date(1_764_000_000_000 - secondsAgo * 1000).toISOString();
  const judged = (
    standby: number | undefined,
    engine?: Engine,
    allowed: number | undefined = 300,
  ) =>
    judgeFollowing(
      {
        ...{ id: "acme", engine, allowedMs: allowed * 1000, secondMs: 1000 },
        standby: { region: "eu-central-1", database: "acme-db-standby" },
      },
      { at: at(0), primary: at(0), ...(standby !== undefined && { standby: at(standby) }) },
    );

  it.each([
    [15, []],
    [150, []],
    [151, ["risk"]],
    [300, ["risk"]],
    [301, ["broken"]],
    [86_400, ["broken"]],
  ])("and is %i s behind is %j", (lag, weights) => {
    expect(judged(lag).map(({ weight }) => weight)).toEqual(weights);
  });

  it("is told in seconds of the plan", () => {
    expect(words(judged(600, "mariadb"))).toEqual([
      "broken: acme-db-standby in eu-central-1 lacks the last 600 s of its primary, the plan lets a failover lose 300 s",
    ]);
  });

  it("and shows nothing halts every failover: MariaDB and MySQL want a right for it", () => {
    const [mariadb] = judged(undefined, "mariadb");
    expect(mariadb).toMatchObject({ weight: "broken", of: "heartbeat on acme-db-standby" });
    expect(mariadb?.mend).toContain("grant slave monitor on *.* to 'sla'@'%'");
    expect(judged(undefined, "mysql")[0]?.mend).toContain("grant replication client");
    expect(judged(undefined)[0]?.mend).toBe("npx sla status");
  });
});
