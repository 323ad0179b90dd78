import { expect, it } from "vitest";
import { typed } from "./typed.ts";

it.each([
  ["failover", "acme"],
  ["recover", "acme"],
  ["retire", "acme", "--yes"],
  ["leave", "acme", "--yes"],
  ["leave", "acme", "--undo", "--yes"],
])("sla %s %s %s asks why before it acts", async (...words) => {
  const { exitCode, text } = await typed(...words);
  expect(text).toBe(
    'sla: --reason: say why, it stays as evidence, like --reason "site A has no power"',
  );
  expect(exitCode).toBe(2);
});
