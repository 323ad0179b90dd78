import { describe, expect, it } from "vitest";
import { mayAll, prepareStatements } from "../../../../functions/sql/mysql/prepare.sql.ts";

const login = (password: string) => ({ username: "sla", password });

const MARIADB = [
  "GRANT REFERENCES, PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO `sla`@`%` IDENTIFIED BY PASSWORD '*A' REQUIRE SSL",
  "GRANT SELECT, INSERT, UPDATE ON `hosting_sla`.* TO `sla`@`%`",
  "GRANT EXECUTE ON PROCEDURE `mysql`.`rds_kill` TO `sla`@`%`",
];
const MYSQL = [
  "GRANT REFERENCES, PROCESS, REPLICATION CLIENT ON *.* TO `sla`@`%`",
  "GRANT SELECT, INSERT, UPDATE ON `hosting_sla`.* TO `sla`@`%`",
  "GRANT EXECUTE ON PROCEDURE `mysql`.`rds_kill` TO `sla`@`%`",
];

describe("what makes a MariaDB or MySQL database ready", () => {
  it("gives MariaDB a hash, as its own password() makes it, so that no log has the password", () => {
    const text = prepareStatements("mariadb", login("secret'\\")).join("\n");
    expect(text).not.toContain("secret");
    expect(prepareStatements("mariadb", login("password")).join("\n")).toContain(
      "identified by password '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'",
    );
  });

  it("quotes a password for MySQL, whatever is in it", () => {
    expect(prepareStatements("mysql", login("it's \\ all"))).toContainEqual(
      "alter user 'sla'@'%' identified by 'it''s \\\\ all' require ssl",
    );
  });

  it("grants the monitor of replicas on MariaDB only, which MySQL does not know", () => {
    expect(prepareStatements("mariadb", login("x")).join()).toContain("slave monitor");
    expect(prepareStatements("mysql", login("x")).join()).not.toContain("slave monitor");
  });
});

describe("whether a login may all that it is asked for", () => {
  it.each([
    ["as MariaDB says it", "mariadb", MARIADB, true],
    ["as MySQL says it", "mysql", MYSQL, true],
    ["who may everything", "mysql", ["GRANT ALL PRIVILEGES ON *.* TO `root`@`%`"], true],
    ["MySQL's rights on MariaDB", "mariadb", MYSQL, false],
    ["without the procedure", "mariadb", MARIADB.slice(0, 2), false],
    ["without the tables", "mysql", [MYSQL[0] ?? "", MYSQL[2] ?? ""], false],
    ["nobody", "mysql", ["GRANT USAGE ON *.* TO `sla`@`%`"], false],
    ["only reading", "mysql", MYSQL.map((each) => each.replace(", INSERT, UPDATE", "")), false],
  ] as const)("%s", (_, engine, grants, expected) => {
    expect(mayAll(engine, grants)).toBe(expected);
  });
});
