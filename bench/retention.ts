import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { wholeNumberWithin } from "../lib/drill/options.ts";
import { ZoneCalendar } from "../lib/sla/backups/calendar.ts";
import { dated } from "../lib/sla/backups/dated.ts";
import { retain } from "../lib/sla/backups/retain.ts";
import { amount, main, median, report, table, title } from "./print.ts";
import {
  brokenDays,
  forgottenDaily,
  instants,
  judged,
  rotatedDaily,
  SENTENCE,
  USUAL,
} from "./restic/course.ts";
import {
  FIRST,
  findRestic,
  keptByRestic,
  NOT_INSTALLED,
  openOnly,
  repositoryOf,
} from "./restic/repository.ts";
import { type Keep, kept } from "./restic/rule.ts";

const RUNS = 7;

await main(async () => {
  const { values: options } = parseArgs({
    options: { snapshots: { type: "string", default: "1000" } },
  });
  const count = wholeNumberWithin("--snapshots", 1, 5000)(options.snapshots);
  const takenMs = instants(count);
  title(`Retention: ${count} daily snapshots, 7 daily, 4 weekly, 3 monthly`);
  const version = await findRestic();
  if (version === undefined) {
    console.log(NOT_INSTALLED);
    return sentence(takenMs, USUAL);
  }
  const { keep, isQuick } = await race(version, takenMs);
  return sentence(takenMs, keep) && isQuick;
});

/** Times both on the same snapshots, and makes sure that what is judged below is what restic does. */
async function race(version: string, takenMs: readonly number[]) {
  console.log(version);
  const directory = await repositoryOf(takenMs, (made) => {
    if (made % 100 === 0) console.log(`  made ${made} of ${takenMs.length} snapshots`);
  });
  const keep = await ruleOf(directory, takenMs);
  const opening = await timed(() => openOnly(directory));
  const theirs = await timed(() => keptByRestic(directory, USUAL));
  const ours = await timed(() => planned(takenMs));
  const isQuick = report([
    {
      ...{ what: "planner against restic forget", value: ours, unit: "ms", limit: theirs },
      parts: [
        `restic takes ${Math.round(theirs / ours)} times as long: ${amount(theirs, "ms")}; to start and open, ${amount(opening, "ms")};`,
        "it reads a file for each snapshot, the planner is handed a list",
      ],
    },
  ]);
  return { keep, isQuick };
}

/** The rule as it is written here, in the variant of this restic. Throws Error if that is not what restic says. */
async function ruleOf(directory: string, takenMs: readonly number[]): Promise<Keep> {
  const said = [{ list: takenMs, keeps: await keptByRestic(directory, USUAL) }];
  for (const first of FIRST.filter((each) => each < takenMs.length)) {
    said.push({
      ...{ list: takenMs.slice(0, first), keeps: await keptByRestic(directory, USUAL, first) },
    });
  }
  const variants = [false, true].map((givesRestToOldest) => ({ ...USUAL, givesRestToOldest }));
  const found = variants.find((keep) =>
    said.every(({ list, keeps }) => keeps.symmetricDifference(kept(list, keep)).size === 0),
  );
  if (found) return found;
  throw new Error("restic keeps other snapshots than its rule as written here");
}

async function timed(work: () => unknown): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const began = performance.now();
    await work();
    // The first one warms up.
    if (run > 0) runs.push(performance.now() - began);
  }
  return median(runs);
}

function planned(takenMs: readonly number[]) {
  const calendar = new ZoneCalendar("UTC");
  const all = takenMs.map((ms) => dated({ id: `${ms}`, takenMs: ms, schedules: [] }, calendar));
  const nowMs = (takenMs.at(-1) ?? 0) + 1;
  return retain({ rotation: SENTENCE, schedules: [] }, all, calendar, nowMs);
}

/** Whether 14 full backups for at least 3 months were there, if each deletes daily what it does not keep. */
function sentence(takenMs: readonly number[], keep: Keep): boolean {
  const [theirs, ours] = [
    judged(forgottenDaily(takenMs, keep)),
    judged(rotatedDaily(takenMs.length)),
  ];
  title("14 full backups for at least 3 months, deleted daily: restic's rule and ours");
  const rows = theirs.clauses.map(({ name, worst }, index) => [
    name,
    `${worst ?? "-"}`,
    `${Math.round(brokenDays(theirs, name))}`,
    `${ours.clauses[index]?.worst ?? "-"}`,
    `${Math.round(brokenDays(ours, name))}`,
  ]);
  for (const line of table(["clause", "least", "days broken", "ours least", "broken"], rows)) {
    console.log(line);
  }
  return ours.ok;
}
