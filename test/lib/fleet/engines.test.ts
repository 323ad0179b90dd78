import { describe, expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { FleetError } from "../../../lib/fleet/problem.ts";
import { portsOf, traitsOf } from "../../../lib/sla/engine.ts";
import { unlikePostgres } from "../../../lib/sla/engine-warnings.ts";
import { parameterGroupOf } from "../../../lib/sla/fleet.ts";
import { EXAMPLE, withBirch } from "../../fakes/mixed-fleet.ts";

function problemsOf(text: string): readonly string[] {
  try {
    parseFleet(text, "fleet.yaml");
    return [];
  } catch (cause) {
    if (!(cause instanceof FleetError)) throw cause;
    return cause.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe("an instance of another engine", () => {
  it.each(["mariadb", "mysql"])("of %s may be sold what a standby keeps", (engine) => {
    const fleet = parseFleet(withBirch(engine), "fleet.yaml");
    const birch = fleet.instances.find(({ id }) => id === "birch");
    expect(birch?.database.engine).toBe(engine);
    const site = fleet.sites["eu-central-1"];
    expect(site && parameterGroupOf(site, birch?.database.engine)).toBe("shops");
    expect(portsOf(fleet.instances)).toEqual([3306, 5432]);
  });

  test.each([
    [
      "backups",
      (text: string) => text.replace("plan: shop", "plan: mintsys"),
      "backups, copies of backups",
    ],
    [
      "copies",
      (text: string) => text.replace("    app:", "    copies: [eu-west-1]\n    app:"),
      "copies:",
    ],
    [
      "files",
      (text: string) => text.replace("    app:", "    filestore: s3://birch-files/all\n    app:"),
      "filestore:",
    ],
    [
      "further logins",
      (text: string) =>
        text.replace("secret: birch-db/sla", "secret: birch-db/sla, logins: [birch/app]"),
      "logins:",
    ],
  ])("is refused %s in one error that says what is not built", (_what, changes, lacking) => {
    const problems = problemsOf(withBirch("mariadb", changes));
    const [refused, ...others] = problems.filter((each) => each.includes("not built"));
    expect(others).toEqual([]);
    expect(refused).toMatch(/database\.engine: 'mariadb': not built for MariaDB: /);
    expect(refused).toContain(lacking);
    expect(refused).toContain("docs/engines.md");
  });

  it("needs a standby", () => {
    const alone = (text: string) =>
      text
        .replace("    standby: eu-central-1\n", "")
        .replace(/ standby: birch-(db-standby|1\.elb\.example),?/g, "");
    expect(problemsOf(withBirch("mysql", alone)).join("\n")).toContain(
      "not built for MySQL: an instance without a standby",
    );
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
      /^birch: MySQL is watched.*not yet run against any real server.*no sla recover/,
    );
    expect(unlikePostgres(parseFleet(withBirch("mariadb"), "fleet.yaml"))[0]).toMatch(/not on RDS/);
  });

  it("means PostgreSQL where nothing is said", () => {
    expect(traitsOf(undefined)).toBe(traitsOf("postgres"));
  });
});
