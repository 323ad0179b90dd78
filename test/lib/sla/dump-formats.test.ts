import { describe, expect, it, test } from "vitest";
import {
  DUMPED_NAMES,
  dumpedEngines,
  dumpedWith,
  dumpOf,
  isDumped,
} from "../../../lib/sla/dump-formats.ts";
import { ENGINE_NAMES, isBuiltFor } from "../../../lib/sla/engine.ts";

const of = (engine?: (typeof ENGINE_NAMES)[number]) => ({
  database: engine === undefined ? {} : { engine },
});

describe("dumps", () => {
  test.each([
    ["postgres", "15.8", "17.2 (Debian)", "dump", "pg_restore 17 or newer"],
    [
      "mariadb",
      "10.11.13-MariaDB-log",
      "11.8.2",
      "sql.gz",
      "MariaDB 10.11 or newer and its client",
    ],
    ["mysql", "8.0.42", "8.4.6", "sql.gz", "MySQL 8.0 or newer and its client"],
  ] as const)("of %s say what restores them", (engine, server, dumpedBy, suffix, needs) => {
    const versions = { server, dumpedBy };
    const dump = dumpOf({ [engine]: versions });
    expect(dump).toMatchObject({ engine, suffix, ...versions });
    expect(dump.needs(versions)).toBe(needs);
    expect(dump.restore("f", "erp").join("\n")).toContain(" f");
    expect(dumpedWith({ [engine]: versions, more: 1 } as object)).toEqual({ [engine]: versions });
  });

  it("say so where they name no engine", () => {
    expect(() => dumpOf({})).toThrow("a dump of no engine: expected one of postgres");
  });

  it("are of engines for which they are built, and of no other", () => {
    for (const name of ENGINE_NAMES) {
      if (isBuiltFor(name, "dumps")) expect(isDumped(name)).toBe(true);
    }
    expect(isDumped("aurora-postgresql")).toBe(false);
  });

  it("of a fleet are of the engines that it has, each once", () => {
    expect(dumpedEngines([])).toEqual(["postgres"]);
    expect(dumpedEngines([of("mysql"), of("mysql")])).toEqual(["mysql"]);
    expect(dumpedEngines([of(), of("aurora-postgresql")])).toEqual(["postgres"]);
    expect(dumpedEngines(ENGINE_NAMES.map(of))).toEqual(DUMPED_NAMES);
  });
});
