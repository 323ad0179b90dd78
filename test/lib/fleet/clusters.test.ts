import { describe, expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { checkPromises } from "../../../lib/sla/check.ts";
import { clustersOf, globalAt } from "../../../lib/sla/clusters.ts";
import { portsOf } from "../../../lib/sla/engine.ts";
import { unlikePostgres } from "../../../lib/sla/engine-warnings.ts";
import { protectedRoles } from "../../../lib/sla/roles.ts";
import {
  EXAMPLE,
  problemsOf,
  withBirch,
  withCluster,
  withRegional,
} from "../../fakes/mixed-fleet.ts";

const GLOBAL = "global: birch-global, primary";

it("takes a global database with a cluster on each side, without a parameter group of its own", () => {
  expect(problemsOf(withCluster())).toEqual([]);
  const fleet = parseFleet(withCluster(), "fleet.yaml");
  expect(clustersOf(fleet).map(({ database, global }) => [database, global])).toEqual([
    ["birch-db", "birch-global"],
    ["birch-db-standby", "birch-global"],
  ]);
  expect(globalAt(fleet, { region: "eu-central-1", database: "elsewhere" })).toBeUndefined();
});

test.each<[string, (text: string) => string, RegExp]>([
  [
    "its global database where it has a standby",
    (text) => text.replace(GLOBAL, "primary"),
    /database\.global: is missing: expected the Aurora global database/,
  ],
  [
    "one only for Aurora",
    (text) => text.replace("engine: aurora-postgresql, ", ""),
    /database\.global: 'birch-global': expected engine: aurora-postgresql/,
  ],
  [
    "a watch that looks at least once a minute",
    (text) => text.replace("everySeconds: 15, badRounds: 3", "everySeconds: 120, badRounds: 3"),
    /plan: looks every 120 s: expected a plan with watch\.everySeconds of at most 60/,
  ],
  [
    "no game day",
    (text) => text.replace("    plan: shop", "    gameDay: true\n    plan: shop"),
    /gameDay: not built for clusters/,
  ],
  [
    "no plan that promises backups",
    (text) => text.replace("plan: shop\n", "plan: mintsys\n"),
    /database\.engine: 'aurora-postgresql': not built for Aurora PostgreSQL: backups/,
  ],
])("wants %s", (_what, changes, expected) => {
  const problems = problemsOf(changes(withCluster()));
  expect(problems.join("\n")).toMatch(expected);
});

describe("Aurora MySQL", () => {
  const asMysql = (text: string) => text.replaceAll("aurora-postgresql", "aurora-mysql");

  it("is taken as a global database and as a cluster of one region, at its own port", () => {
    expect(problemsOf(asMysql(withCluster()))).toEqual([]);
    expect(problemsOf(withRegional("aurora-mysql"))).toEqual([]);
    const { instances } = parseFleet(asMysql(withCluster()), "fleet.yaml");
    expect(portsOf(instances)).toEqual([3306, 5432]);
  });

  it("wants its global database where it has a standby", () => {
    const found = problemsOf(asMysql(withCluster()).replace(GLOBAL, "primary"));
    expect(found.join("\n")).toMatch(/database\.global: is missing: .*engine: is aurora-mysql/);
  });
});

describe("a Multi-AZ DB cluster", () => {
  const own = withRegional("postgres-cluster");

  it("is taken as a cluster of one region, without parameter groups", () => {
    expect(problemsOf(own)).toEqual([]);
    const fleet = parseFleet(own, "fleet.yaml");
    expect(clustersOf(fleet)).toEqual([{ region: "eu-central-2", database: "birch-db" }]);
    expect(unlikePostgres(fleet)).toEqual([
      expect.stringMatching(/^birch: PostgreSQL in a Multi-AZ DB cluster in one region/),
    ]);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    [
      "no standby elsewhere",
      (text) =>
        text
          .replace(/( id: birch\n(?:.*\n)*? {4}home: .*\n)/, "$1    standby: eu-central-1\n")
          .replace("primary: birch-db,", "primary: birch-db, standby: birch-db-standby,"),
      /standby: 'eu-central-1': .* is of one region, its standbys are its members/,
    ],
    [
      "no global database",
      (text) => text.replace("primary: birch-db,", "global: birch-global, primary: birch-db,"),
      /database\.global: 'birch-global': expected engine: aurora-postgresql/,
    ],
    [
      "no plan that promises backups",
      (text) => text.replace("plan: shop\n", "plan: mintsys\n"),
      /not built for PostgreSQL in a Multi-AZ DB cluster: backups/,
    ],
  ])("wants %s", (_what, changes, expected) => {
    expect(problemsOf(changes(own)).join("\n")).toMatch(expected);
  });
});

describe("a cluster of one region", () => {
  it("is taken without a standby, and named as a cluster", () => {
    expect(problemsOf(withRegional())).toEqual([]);
    const fleet = parseFleet(withRegional(), "fleet.yaml");
    expect(clustersOf(fleet)).toEqual([{ region: "eu-central-2", database: "birch-db" }]);
    expect(globalAt(fleet, { region: "eu-central-2", database: "birch-db" })).toBeUndefined();
  });

  it("promises what its members keep: no loss, an outage without DNS", () => {
    const fleet = parseFleet(withRegional(), "fleet.yaml");
    const lines = checkPromises(fleet).filter(({ instance }) => instance === "birch");
    expect(lines.map(({ promise, status, restsOn }) => [promise, status, restsOn])).toEqual([
      ["RTO server loss", "kept", undefined],
      ["RPO server loss", "kept", expect.stringMatching(/^by the word of RDS/)],
    ]);
    expect(unlikePostgres(fleet)).toEqual([
      expect.stringMatching(/^birch: Aurora PostgreSQL in one region .*not yet run/),
    ]);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    [
      "time for RDS to move the writer by itself",
      (text) => text.replace("waitSeconds: 90", "waitSeconds: 59"),
      /plan: gives RDS 59 s to move the writer: expected .*waitSeconds of at least 60/,
    ],
    [
      "no promise for the loss of its region",
      (text) =>
        text.replace(
          "serverLoss: { rpo",
          "siteLoss: { rpoSeconds: 5m, rtoSeconds: 1h, includesDns: true }, serverLoss: { rpo",
        ),
      /birch is sold shop: RPO site loss 5m; leave siteLoss: out, or make it an Aurora global/,
    ],
    [
      "a global database where it has a standby",
      (text) =>
        text
          .replace(
            "    home: eu-central-2\n    database: { engine",
            "    home: eu-central-2\n    standby: eu-central-1\n    database: { engine",
          )
          .replace("primary: birch-db,", "primary: birch-db, standby: birch-db-standby,"),
      /database\.global: is missing: .*a cluster of one region has no standby:/,
    ],
    [
      "no plan that promises backups",
      (text) => text.replace("plan: shop\n", "plan: mintsys\n"),
      /not built for Aurora PostgreSQL: backups.*expected a plan whose only promise of databases is serverLoss:/,
    ],
  ])("wants %s", (_what, changes, expected) => {
    expect(problemsOf(changes(withRegional())).join("\n")).toMatch(expected);
  });
});

it("wants no more of them than IAM has room for", () => {
  const [before, birch, after] = withCluster().split(
    /(?= {2}- id: birch)|(?=\n {2}# Promised hours)/,
  );
  const another = (n: number) => `${birch}`.replaceAll("birch", `birch${n}`);
  const fleet = (count: number) =>
    `${before}${Array.from({ length: count }, (_, n) => another(n)).join("\n")}${after}`;
  const refused = (count: number) =>
    problemsOf(fleet(count)).filter((each) => each.includes("at most 20 instances"));
  expect(refused(20)).toEqual([]);
  expect(refused(22)).toEqual([expect.stringMatching(/database\.engine: is one too many/)]);
});

it("says that it was never run, and counts with a promotion of its own", () => {
  const fleet = parseFleet(withCluster(), "fleet.yaml");
  expect(unlikePostgres(fleet)).toEqual([
    expect.stringMatching(/^birch: Aurora PostgreSQL .*taken back as a standby, not yet run/),
  ]);
  const rto = (fleetText: string) =>
    checkPromises(parseFleet(fleetText, "fleet.yaml")).find(
      ({ instance, promise }) => instance === "birch" && promise.startsWith("RTO"),
    );
  expect(rto(withCluster())?.status).toBe("kept");
  expect(rto(withCluster())).not.toEqual(rto(withBirch("mariadb")));
  expect(unlikePostgres(parseFleet(EXAMPLE, "fleet.yaml"))).toEqual([]);
});

it("gives a primary of before its seat again, and forgets it as one of before", () => {
  const seat = (region: string) => ({ region, database: `db-${region}` });
  const roles = {
    ...{ instance: "birch", epoch: 2, primary: seat("b"), owner: "c", since: "", by: "x" },
    former: [seat("a"), seat("z")],
  };
  expect(protectedRoles(roles, seat("a"), "now", "y")).toMatchObject({ former: [seat("z")] });
  const alone = protectedRoles({ ...roles, former: [seat("a")] }, seat("a"), "now", "y");
  expect(alone).not.toHaveProperty("former");
});
