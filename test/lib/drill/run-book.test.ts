import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type PlannedRun, planMatrix } from "../../../lib/drill/matrix.ts";
import { chooseVictim } from "../../../lib/drill/options.ts";
import { type Intent, RunBook } from "../../../lib/drill/run-book.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";
import { broken, failover } from "./results.ts";

const INTENT: Intent = { fleet: "fleet.yaml", fault: "kill", without: ["all"], pace: 60, runs: 2 };

async function book() {
  const directory = await mkdtemp(join(tmpdir(), "run-book-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const fleet = readFleet("examples/fleet.yaml");
  const asked = { fault: "kill", without: ["all"], rounds: 2 };
  const { runs } = planMatrix(asked, fleet, chooseVictim(fleet, undefined));
  return { directory, runs, first: runs[0] as PlannedRun, third: runs[2] as PlannedRun };
}

test("what has ended is there for whoever goes on, and what was asked for too", async () => {
  const { directory, runs, first, third } = await book();
  const before = new RunBook(directory);
  expect(await before.results(runs)).toEqual(new Map());
  await before.keep(INTENT, first, 0, failover());
  await before.keep(INTENT, third, 2, broken());
  const after = new RunBook(directory);
  expect(await after.intent()).toEqual(INTENT);
  expect(await after.results(runs)).toEqual(
    new Map([
      [0, failover()],
      [2, broken()],
    ]),
  );
  expect(await readdir(join(directory, "runs"))).toEqual([
    "001-kill.json",
    "003-kill-without-sns.json",
  ]);
});

test("a run that was cut while it was written is one that has not ended", async () => {
  const { directory, runs, first } = await book();
  const kept = new RunBook(directory);
  await kept.keep(INTENT, first, 0, failover());
  await writeFile(join(directory, "runs", "002-kill-without-route53.json.part"), "{");
  expect([...(await kept.results(runs)).keys()]).toEqual([0]);
});

test("a directory of something else is refused in one line", async () => {
  const { directory } = await book();
  await expect(new RunBook(directory).intent()).rejects.toThrow(
    /^--resume: .*plan\.json cannot be read; name the directory of a drill of several runs$/,
  );
});
