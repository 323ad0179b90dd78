import { expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { figuresMemory } from "../../../functions/snapshot/figures.ts";
import { takeAll } from "../../../functions/snapshot/take.ts";
import type { Figures, SqlRequest } from "../../../functions/sql/contract.ts";
import { backupId, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import type { Engine } from "../../../lib/sla/engine.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const TICK = Date.parse("2026-11-21T03:00:00Z");
const IDS = ["acme", "oak", "elm"];
const FIGURES: Figures = { at: "2026-11-21T03:00:02Z", schema: "s1", rows: { "a.b": 3 } };

/** A night's backups of all of them; the first lists of databases fail. */
async function night(failures: number, listed: readonly string[] = IDS, engine?: Engine) {
  const ledger = new MemoryLedger("eu-central-2");
  const asked: SqlRequest[] = [];
  let lists = 0;
  const memory = figuresMemory({
    fleet: async () => fleetOf(IDS.map((id) => instance(id, {}, engine))),
    ledger,
    endpoints: async () => {
      lists += 1;
      if (lists <= failures) throw new Error("throttled");
      return new Map(listed.map((id) => [`${id}-db`, { host: `${id}.rds`, port: 5432, other: 1 }]));
    },
    ask: async (request) => {
      asked.push(request);
      return { instance: request.targets[0]?.instance ?? "", ok: true, value: FIGURES };
    },
  });
  const takes = IDS.map((id) => ({
    ...{ id: backupId(id, TICK), database: `${id}-db` },
    tags: tagsOf({ instance: id, schedules: ["daily"], tickMs: TICK }),
  }));
  const { outcomes } = await takeAll(
    { takes },
    { take: async ({ id }) => ({ id, answer: "accepted" }) },
    memory,
  );
  expect(outcomes.map(({ answer }) => answer)).toEqual(["accepted", "accepted", "accepted"]);
  const kept = IDS.filter((id) => ledger.peek(keys.figures(id, backupId(id, TICK))));
  return { lists, asked, kept };
}

it("where the databases of a night are is asked once for all of them", async () => {
  const { lists, asked, kept } = await night(0);
  expect(lists).toBe(1);
  expect(kept).toEqual(IDS);
  const { secret, name } = instance("acme").database;
  expect(asked[0]?.targets).toEqual([
    { instance: "acme", host: "acme.rds", port: 5432, database: name, secret },
  ]);
});

it("a list that fails is asked for again, and keeps nobody's figures away", async () => {
  const { lists, kept } = await night(1);
  expect(lists).toBe(2);
  expect(kept).toEqual(IDS);
});

it("a database that is not there keeps those of the others", async () => {
  const { kept } = await night(0, ["oak", "elm"]);
  expect(kept).toEqual(["oak", "elm"]);
});

it("a MariaDB is asked in its own words", async () => {
  const { asked } = await night(0, IDS, "mariadb");
  expect(asked.flatMap(({ targets }) => targets.map(({ engine }) => engine))).toEqual([
    ...["mariadb", "mariadb", "mariadb"],
  ]);
});
