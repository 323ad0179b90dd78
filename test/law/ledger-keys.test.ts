import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const KEY = /`([a-z]+)\//g;
const areas = (text: string, pattern: RegExp) =>
  new Set([...text.matchAll(pattern)].map(([, area]) => area));

test("docs/architecture.md lists every area of the ledger, and none that is not there", () => {
  const contract = readFileSync("functions/ledger/contract.ts", "utf8");
  const doc = readFileSync("docs/architecture.md", "utf8");
  const list = /## The ledger[\s\S]*?```\n([\s\S]*?)```/.exec(doc)?.[1] ?? "";
  const listed = areas(list, /^([a-z]+)\//gm);
  expect([...listed].toSorted()).toEqual([...areas(contract, KEY)].toSorted());
});
