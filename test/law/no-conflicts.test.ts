import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Text of ours: a marker at the beginning of a line is left from a merge. */
const TEXT = /\.(ts|js|json|md|yaml|yml|html)$/;
const MARK = /^(<{7} |={7}$|>{7} )/m;

it("no file has the marks of a merge that was not finished", () => {
  const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
  const texts = files.filter((file) => TEXT.test(file));
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.filter((file) => MARK.test(readFileSync(file, "utf8")))).toEqual([]);
});
