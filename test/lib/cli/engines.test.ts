import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { withBirch, withCluster } from "../../fakes/mixed-fleet.ts";
import { typed } from "./typed.ts";

const directory = mkdtempSync(join(tmpdir(), "engines-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, "fleet.yaml");
writeFileSync(file, withBirch("mariadb"));
const clusters = join(directory, "clusters.yaml");
writeFileSync(clusters, withCluster());

it.each([
  ["adopt", "birch"],
  ["download", "birch"],
  ["recover", "birch", "--reason", "lost"],
  ["leave", "birch", "--reason", "gone"],
])("sla %s is nothing for clusters of a global database", async (...args) => {
  const said = await typed(...args, "--fleet", clusters);
  expect(said.text).toBe(
    `sla: ${args[0]}: birch is Aurora PostgreSQL: this is not built for it; docs/engines.md says what is`,
  );
  expect(said.exitCode).toBe(2);
});

it("sla drill says what the local cloud has not", async () => {
  const mysql = join(directory, "mysql.yaml");
  writeFileSync(mysql, withBirch("mysql"));
  const { exitCode, text } = await typed("drill", "--fleet", mysql);
  expect(text).toBe(
    `sla: ${mysql}: birch is MySQL: drills and sla local up have PostgreSQL and MariaDB only; give a fleet without it by --fleet`,
  );
  expect(exitCode).toBe(2);
});

it("sla check says of it what holds, in a table and for programs", async () => {
  const { exitCode, text } = await typed("check", file);
  expect(exitCode).toBe(0);
  expect(text.replace(/\s+/g, " ")).toMatch(
    /! birch: MariaDB is backed up, watched, .*Not built for it: no standby that fills its primary/,
  );
  const asked = await typed("check", file, "--json");
  expect(JSON.parse(asked.text).warnings).toEqual(
    expect.arrayContaining([expect.stringMatching(/^birch: MariaDB/)]),
  );
});

it.each([
  ["--drop-standby", "--drop-standby"],
  ["--subnet-group", "--subnet-group", "private"],
])("sla reprotect %s is nothing for clusters of a global database", async (flag, ...given) => {
  const said = await typed("reprotect", "birch", "--reason", "x", ...given, "--fleet", clusters);
  expect(said.text).toMatch(new RegExp(`^sla: ${flag}: birch is of the Aurora global database`));
  expect(said.exitCode).toBe(2);
});
