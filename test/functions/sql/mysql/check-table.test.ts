import { describe, expect, it, test } from "vitest";
import { checkTable } from "../../../../functions/sql/mysql/check-table.ts";
import { MARIADB, MYSQL } from "../../../../functions/sql/mysql/dialect.ts";
import type { Session } from "../../../../functions/sql/server.ts";

const GIB = 1024 ** 3;
const TABLE = { schema: "shop", name: "orders", table: "`shop`.`orders`", rows: 1, rowBytes: 1 };
const said = (...rows: readonly (readonly [type: string, text: string])[]) =>
  rows.map(([Msg_type, Msg_text]) => ({ Msg_type, Msg_text }));

/** A server that answers a check so, and has two indexes. */
function server(answer: readonly object[] | Error): Session & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async query<Row>(text: string) {
      asked.push(text);
      if (!text.startsWith("check")) return [{ count: 2 }] as Row[];
      if (answer instanceof Error) throw answer;
      return answer as Row[];
    },
  };
}

const check = (answer: readonly object[] | Error, dialect = MARIADB, bytes = 1) =>
  checkTable(server(answer), { ...TABLE, bytes }, dialect);
const failing = (code: string) => Object.assign(new Error("its words"), { code });

describe("what a server says of a table", () => {
  test.each([
    ["all is well", said(["status", "OK"]), []],
    ["it was looked at before", said(["status", "Table is already up to date"]), []],
    ["its engine checks nothing", said(["note", "The storage engine doesn't support check"]), []],
    ["it was open at that moment", said(["warning", "1 client is using"], ["status", "OK"]), []],
    [
      "an index lacks rows",
      said(["warning", "Index 'at' contains 5 entries, should be 6."], ["error", "Corrupt"]),
      ["Corrupt"],
    ],
    [
      "it cannot be opened",
      said(["Error", "missing"], ["status", "Operation failed"]),
      ["missing", "Operation failed"],
    ],
  ])("%s", async (_what, answer, problems) => {
    expect(await check(answer)).toEqual({ problems, indexes: 2 });
  });

  it("is nothing where a limit has ended it, in an answer or by an error", async () => {
    const interrupted = said(
      ["Error", "Query execution was interrupted"],
      ["status", "Operation failed"],
    );
    expect(await check(interrupted)).toMatchObject({
      problems: [],
      indexes: 0,
      leftOut: expect.any(String),
    });
    expect(await check(failing("1969"))).toEqual({
      problems: [],
      indexes: 0,
      leftOut: "its words",
    });
  });

  it("is an error where nobody answers, or somebody refuses", async () => {
    await expect(check(failing("AnswerTimedOut"))).rejects.toThrow("its words");
    await expect(check(failing("1142"))).rejects.toThrow("its words");
  });

  it("is not asked of a large table where nothing would end it in time", async () => {
    const [mysql, mariadb] = [server(said(["status", "OK"])), server(said(["status", "OK"]))];
    expect(await checkTable(mysql, { ...TABLE, bytes: 3 * GIB }, MYSQL)).toEqual({
      ...{ problems: [], indexes: 0, leftOut: "3 GiB, more than can be checked in time" },
    });
    expect(mysql.asked).toEqual([]);
    expect((await checkTable(mariadb, { ...TABLE, bytes: 3 * GIB }, MARIADB)).indexes).toBe(2);
  });
});
