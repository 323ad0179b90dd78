import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { boundaryOf, isKey, rowsOf } from "../../../../functions/sql/mysql/row-statements.ts";

const column = (name: string, type: string) => ({ name, type });
const ID = column("id", "int");
const NAME = column("odd `name", "varchar");

describe("rows of a stretch", () => {
  test.each([
    ["a whole table", {}, "", []],
    ["from a value on", { key: ID, from: "7" }, " where `id` >= ?", ["7"]],
    ["up to a value", { key: ID, until: "9" }, " where `id` < ?", ["9"]],
    [
      "between two",
      { key: ID, from: "7", until: "9" },
      " where `id` >= ? and `id` < ?",
      ["7", "9"],
    ],
    [
      "of bytes, which come as digits",
      { key: column("id", "varbinary"), from: "00FF" },
      " where `id` >= unhex(?)",
      ["00FF"],
    ],
  ])("are those of %s", (_what, stretch, where, values) => {
    const asked = rowsOf("`shop`.`orders`", [ID], { ...stretch, sums: false });
    expect(asked.text).toBe(
      `select count(*) as \`rows\`, '0' as \`sum\` from \`shop\`.\`orders\`${where}`,
    );
    expect(asked.values).toEqual(values);
  });

  it("are summed up by quoted values, long ones by their digest", () => {
    const { text } = rowsOf("t", [ID, NAME, column("what", "mediumblob")], { sums: true });
    expect(text).toContain(
      "concat_ws(',', quote(cast(`id` as binary)), quote(cast(`odd ``name` as binary)), coalesce(md5(`what`), '-'))",
    );
  });

  it("begin behind so many others", () => {
    expect(boundaryOf("t", NAME, { from: "b", behind: 1000 })).toEqual({
      text: "select cast(`odd ``name` as char) as boundary from t where `odd ``name` >= ? order by `odd ``name` limit 1 offset 1000",
      values: ["b"],
    });
  });

  it("never carry a value in their text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (value) => {
        const asked = rowsOf("t", [ID], { key: NAME, from: value, sums: true });
        expect(asked).toEqual({
          ...rowsOf("t", [ID], { key: NAME, from: "", sums: true }),
          values: [value],
        });
      }),
      { examples: [["' or '1'='1"]] },
    );
  });
});

test.each([
  ["int", true],
  ["varchar", true],
  ["binary", true],
  ["datetime", true],
  ["float", false],
  ["bit", false],
  ["enum", false],
  ["set", false],
])("a key of %s leads through a table: %s", (type, leads) => {
  expect(isKey(column("id", type))).toBe(leads);
});
