import { describe, expect, it, test } from "vitest";
import { failureOf, isBadLogin, isDeadSession } from "../../../../functions/sql/failure.ts";
import { MARIADB, MYSQL } from "../../../../functions/sql/mysql/dialect.ts";
import { positionsIn } from "../../../../functions/sql/mysql/replica.ts";
import { mariadbBeyond, mysqlCount } from "../../../../functions/sql/mysql/transactions.ts";

const UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

describe("what a replica says of itself", () => {
  const row = {
    Slave_IO_Running: "Yes",
    Master_Log_File: "mysql-bin-changelog.000012",
    Read_Master_Log_Pos: 900,
    Relay_Master_Log_File: "mysql-bin-changelog.000012",
    Exec_Master_Log_Pos: 400,
    Relay_Log_Space: 7000,
  };

  test.each([
    ["it has applied what it received", { Exec_Master_Log_Pos: 900 }, 0],
    ["it is behind in a file", {}, 500],
    [
      "it is behind by files: so much log lies there",
      { Master_Log_File: "mysql-bin-changelog.000013" },
      7000,
    ],
    ["it has applied nothing yet", { Relay_Master_Log_File: "" }, 7000],
    ["it has reached its primary never", { Master_Log_File: "" }, undefined],
  ])("%s", (_what, changes, undrained) => {
    expect(positionsIn({ ...row, ...changes }, MARIADB).undrainedBytes).toBe(undrained);
  });

  it("streams only while its connection stands", () => {
    expect(positionsIn(row, MARIADB).streaming).toBe(true);
    for (const state of ["No", "Connecting", "Preparing"]) {
      expect(positionsIn({ ...row, Slave_IO_Running: state }, MARIADB).streaming).toBe(false);
    }
  });

  it("is said by MySQL in names of its own", () => {
    const said = {
      Replica_IO_Running: "Yes",
      Source_Log_File: "mysql-bin-changelog.000002",
      Read_Source_Log_Pos: "157",
      Relay_Source_Log_File: "mysql-bin-changelog.000002",
      Exec_Source_Log_Pos: "157",
      Relay_Log_Space: "400",
    };
    expect(positionsIn(said, MYSQL)).toEqual({
      receivedLsn: "mysql-bin-changelog.000002:157",
      replayedLsn: "mysql-bin-changelog.000002:157",
      undrainedBytes: 0,
      streaming: true,
    });
  });
});

describe("transactions beside those of a horizon", () => {
  test.each([
    ["none", "0-1-100", "0-1-100", 0],
    ["the numbers go on whoever writes", "0-2-103", "0-1-100", 3],
    ["each domain counts by itself", "0-1-100,1-1-7", "0-1-98,1-1-7", 2],
    ["a domain the horizon does not know", "0-1-100,1-1-7", "0-1-100", 7],
    ["a horizon that is further is no loss", "0-1-100", "0-1-120", 0],
    ["what is no id cannot be counted", "garbage", "0-1-100", undefined],
  ])("MariaDB: %s", (_what, written, horizon, count) => {
    expect(mariadbBeyond(written, horizon)).toBe(count);
  });

  test.each([
    ["none", "", 0],
    ["runs and single ones", `${UUID}:1-5:7:11-12`, 8],
    ["of several servers, over lines", `${UUID}:3,\n${UUID}:9-10`, 3],
    ["what is no set cannot be counted", `${UUID}:many`, undefined],
  ])("MySQL: %s", (_what, set, count) => {
    expect(mysqlCount(set)).toBe(count);
  });
});

const failing = (code: string, message = "no") => Object.assign(new Error(message), { code });

describe("failures of these servers", () => {
  test.each([
    [
      "a connection that was lost",
      failing("PROTOCOL_CONNECTION_LOST", "Connection lost: The server closed the connection."),
      "unreachable",
    ],
    ["a server that is closed to writes", failing("1290"), "refused"],
    ["too many connections", failing("1040"), "refused"],
    ["nobody listens", failing("ECONNREFUSED"), "unreachable"],
    ["a certificate that is another's", failing("HANDSHAKE_SSL_ERROR"), "refused"],
  ] as const)("%s", (_what, cause, kind) => {
    expect(failureOf(cause)).toMatchObject({ kind });
  });

  it("tell a session that was ended and a password that was turned down from all others", () => {
    expect(isDeadSession(failing("1927"))).toBe(true);
    expect(
      isDeadSession(new Error("Can't add new command when connection is in closed state")),
    ).toBe(true);
    expect(isDeadSession(failing("1205"))).toBe(false);
    expect(isBadLogin(failing("1045"))).toBe(true);
    expect(isBadLogin(failing("1044"))).toBe(false);
  });
});
