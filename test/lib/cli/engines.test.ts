import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { withBirch } from "../../fakes/mixed-fleet.ts";
import { typed } from "./typed.ts";

const directory = mkdtempSync(join(tmpdir(), "engines-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, "fleet.yaml");
writeFileSync(file, withBirch("mariadb"));

it.each([
  ["recover", "birch", "--reason", "lost"],
  ["adopt", "birch"],
  ["leave", "birch", "--reason", "gone"],
  ["restore-test", "birch"],
  ["download", "birch"],
])("sla %s says in one line that it is not built for MariaDB", async (...args) => {
  const { exitCode, text } = await typed(...args, "--fleet", file);
  expect(text).toBe(
    `sla: ${args[0]}: birch is MariaDB: this is built for PostgreSQL only; docs/engines.md says what holds for MariaDB`,
  );
  expect(exitCode).toBe(2);
});

it("sla drill does not take it for PostgreSQL", async () => {
  const { exitCode, text } = await typed("drill", "--fleet", file);
  expect(text).toBe(
    `sla: ${file}: birch is MariaDB: drills and sla local up know PostgreSQL only; give a fleet without it by --fleet`,
  );
  expect(exitCode).toBe(2);
});

it("sla check says of it what holds, in a table and for programs", async () => {
  const { exitCode, text } = await typed("check", file);
  expect(exitCode).toBe(0);
  expect(text.replace(/\s+/g, " ")).toMatch(/! birch: MariaDB is watched, .*no sla recover/);
  const asked = await typed("check", file, "--json");
  expect(JSON.parse(asked.text).warnings).toEqual(
    expect.arrayContaining([expect.stringMatching(/^birch: MariaDB/)]),
  );
});
