import { describe, expect, it, test } from "vitest";
import { MARIADB, MYSQL } from "../../../../functions/sql/mysql/dialect.ts";
import { diverge } from "../../../../functions/sql/mysql/diverge.ts";
import { read } from "../../../../functions/sql/mysql/operations.ts";
import type { Session } from "../../../../functions/sql/server.ts";

const UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

interface Server {
  readonly isClosed?: number | string;
  readonly replica?: Readonly<Record<string, unknown>>;
  readonly mode?: string;
  /** What is beyond a horizon, as MySQL subtracts it. */
  readonly rest?: string;
}

/** A server that answers each statement by what is in it. */
const serverOf = ({ isClosed = 0, replica, mode, rest = "" }: Server): Session => ({
  async query<Row>(text: string) {
    const answers: readonly (readonly [RegExp, readonly object[]])[] = [
      [/gtid_subtract/, [{ rest, held: `${UUID}:1-9`, mode }]],
      [/gtid_slave_pos/, [{ held: "0-1-100" }]],
      [/gtid_binlog_pos/, [{ held: "0-2-7" }]],
      [/gtid_executed/, [{ held: `${UUID}:1-9`, mode }]],
      [/isClosed/, [{ now: "2026-11-21T10:00:00.000000Z", isClosed, sessions: 2 }]],
      [/show (slave|replica) status/, replica ? [replica] : []],
      [/show (master|binary log) status/, [{ File: "mysql-bin-changelog.000031", Position: 4 }]],
      [/heartbeat/, [{ at: "2026-11-21T09:59:58.000000Z", sequence: 7 }]],
    ];
    const found = answers.find(([pattern]) => pattern.test(text));
    if (!found) throw new Error(text);
    return found[1] as unknown as readonly Row[];
  },
});

const FOLLOWING = {
  ...{ Master_Log_File: "mysql-bin-changelog.000012", Read_Master_Log_Pos: 900 },
  ...{ Relay_Master_Log_File: "mysql-bin-changelog.000012", Exec_Master_Log_Pos: 900 },
  ...{ Slave_IO_Running: "Yes", Slave_SQL_Running: "Yes", Relay_Log_Space: 7000 },
};
const STOPPED = { ...FOLLOWING, Slave_IO_Running: "No", Slave_SQL_Running: "No" };

describe("whether a server stands by", () => {
  test.each<[string, Server, boolean, string]>([
    ["a primary", {}, false, "000031:4"],
    ["a replica", { isClosed: 1, replica: FOLLOWING }, true, "000012:900"],
    ["one that is stopped", { isClosed: 1, replica: STOPPED }, true, "000012:900"],
    ["one that somebody opened to writes", { replica: FOLLOWING }, true, "000012:900"],
    [
      "one whose link is down, opened to writes",
      { replica: { ...FOLLOWING, Slave_IO_Running: "Connecting" } },
      true,
      "000012:900",
    ],
    ["a primary that was fed by another server once", { replica: STOPPED }, false, "000031:4"],
    ["a primary that says it by name", { isClosed: "OFF" }, false, "000031:4"],
    ["one that is closed by name", { isClosed: "NO_LOCK" }, true, "000031:4"],
  ])("%s", async (_what, server, inRecovery, received) => {
    expect(await read(serverOf(server), MARIADB)).toMatchObject({
      ...{ inRecovery, receivedLsn: `mysql-bin-changelog.${received}` },
      horizon: received === "000012:900" ? "0-1-100" : "0-2-7",
    });
  });
});

describe("transactions of MySQL", () => {
  const found = (server: Server) =>
    diverge(serverOf(server), { operation: "diverge", targets: [], horizon: `${UUID}:1-9` }, MYSQL);

  it("are counted while they are numbered", async () => {
    expect(await read(serverOf({ mode: "ON" }), MYSQL)).toMatchObject({ horizon: `${UUID}:1-9` });
    expect(await found({ mode: "ON" })).toEqual({ tables: [], unread: [] });
    expect(await found({ mode: "ON_PERMISSIVE", rest: `${UUID}:10-11` })).toMatchObject({
      unread: [{ because: expect.stringMatching(/^2 transactions/) }],
    });
  });

  it.each(["OFF", "OFF_PERMISSIVE"])(
    "are not called the same by the numbers of earlier: gtid_mode %s",
    async (mode) => {
      expect(await read(serverOf({ mode }), MYSQL)).not.toHaveProperty("horizon");
      expect(await found({ mode })).toMatchObject({
        unread: [{ because: expect.stringMatching(/^nobody can say how many transactions/) }],
      });
    },
  );
});
