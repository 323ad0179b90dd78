import { describe, expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { portsOf, traitsOf } from "../../../lib/sla/engine.ts";
import { unlikePostgres } from "../../../lib/sla/engine-warnings.ts";
import { parameterGroupOf } from "../../../lib/sla/fleet.ts";
import { EXAMPLE, problemsOf, withBirch } from "../../fakes/mixed-fleet.ts";

describe("an instance of another engine", () => {
  it.each(["mariadb", "mysql"])("of %s may be sold what a standby keeps", (engine) => {
    const fleet = parseFleet(withBirch(engine), "fleet.yaml");
    const birch = fleet.instances.find(({ id }) => id === "birch");
    expect(birch?.database.engine).toBe(engine);
    const site = fleet.sites["eu-central-1"];
    expect(site && parameterGroupOf(site, birch?.database.engine)).toBe("shops");
    expect(portsOf(fleet.instances)).toEqual([3306, 5432]);
  });

  it("is refused what is not built, in one error that says what", () => {
    const given = "storage: { dropStandbyBelowPercent: 10, warnBelowPercent: 20 }, watch:";
    const text = withBirch("mariadb").replace("shop: { watch:", `shop: { ${given}`);
    const problems = problemsOf(text);
    const [refused, ...others] = problems.filter((each) => each.includes("not built"));
    expect(others).toEqual([]);
    expect(refused).toMatch(/database\.engine: 'mariadb': not built for MariaDB: /);
    expect(refused).toContain("giving a standby up by itself");
    expect(refused).toContain("docs/engines.md");
  });

  test.each([
    ["downloads", (text: string) => text.replace("plan: shop", "plan: mintsys")],
    [
      "frozen copies sent on",
      (text: string) =>
        text.replace(
          "    app:",
          "    destination: { kind: s3, bucket: birch-copies, region: eu-west-1, secret: birch/copies }\n    app:",
        ),
    ],
  ])("may be sold %s", (_what, changes) => {
    for (const engine of ["mariadb", "mysql"]) {
      const problems = problemsOf(withBirch(engine, changes));
      expect(problems.filter((each) => each.includes("not built"))).toEqual([]);
    }
  });

  it.each(["mariadb", "mysql"])("of %s may be sold backups, copies and restore tests", (engine) => {
    const copied = (text: string) => text.replace("    app:", "    copies: [eu-west-1]\n    app:");
    const sold = `backups: { contents: [database], schedules: [{ every: 1d }],
      rotation: { perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 } },
      copies: { places: 2 }, restoreTests: { every: 30d }, snapshotSimulation: true`;
    const text = withBirch(engine, copied).replace("  shop: { ", `  shop: { ${sold}, `);
    expect(problemsOf(text)).toEqual([]);
    const bare = text.replace(/(eu-west-1:(?:.*\n)*?) +parameterGroups: .*\n/, "$1");
    expect(problemsOf(bare)).toEqual([
      expect.stringMatching(`sites.eu-west-1.parameterGroups.${engine}: is missing.*birch`),
    ]);
  });

  it("may live without a standby, and have further logins", () => {
    const alone = (text: string) =>
      text
        .replace("    standby: eu-central-1\n", "")
        .replace(/ standby: birch-(db-standby|1\.elb\.example),?/g, "");
    const logins = (text: string) =>
      text.replace("secret: birch-db/sla", "secret: birch-db/sla, logins: [birch/app]");
    const problems = problemsOf(withBirch("mysql", (text) => logins(alone(text))));
    expect(problems.filter((each) => each.includes("not built"))).toEqual([]);
  });

  it("needs a parameter group of its engine where it has databases", () => {
    const bare = withBirch("mariadb").replaceAll(/^ +parameterGroups: .*\n/gm, "");
    expect(problemsOf(bare)).toEqual([
      expect.stringMatching(/sites\.eu-central-2\.parameterGroups\.mariadb: is missing.*birch/),
      expect.stringMatching(/sites\.eu-central-1\.parameterGroups\.mariadb: is missing.*birch/),
    ]);
  });

  it("has one of those names", () => {
    expect(problemsOf(withBirch("oracle")).join("\n")).toMatch(/one of postgres, mariadb, mysql/);
  });
});

describe("what the check says of engines", () => {
  it("is nothing where all is PostgreSQL, and what holds of the others", () => {
    expect(unlikePostgres(parseFleet(EXAMPLE, "fleet.yaml"))).toEqual([]);
    const [line, ...more] = unlikePostgres(parseFleet(withBirch("mysql"), "fleet.yaml"));
    expect(more).toEqual([]);
    expect(line).toMatch(
      /^birch: MySQL is backed up, watched.*not yet run against any real server.*no standby that fills its primary/,
    );
    expect(unlikePostgres(parseFleet(withBirch("mariadb"), "fleet.yaml"))[0]).toMatch(/not on RDS/);
  });

  it("means PostgreSQL where nothing is said", () => {
    expect(traitsOf(undefined)).toBe(traitsOf("postgres"));
  });
});
