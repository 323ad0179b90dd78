// What a drill costs beyond its configured waits, how fast the lab plan is at pace 1, how long npm start takes.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wholeNumberWithin } from "../lib/drill/options.ts";
import { drill, ROOT } from "./drill/command.ts";
import { labFigure, overheadFigures } from "./drill/figures.ts";
import { startFigures } from "./drill/start.ts";
import { NOT_INSTALLED } from "./patroni/installation.ts";
import { measurePatroni } from "./patroni/measure.ts";
import { SMALLEST } from "./patroni/settings.ts";
import { main, report, title } from "./print.ts";

interface Runs {
  readonly runs: number;
  readonly labRuns: number;
  readonly patroniRuns: number;
}

const PARTS: Readonly<Record<string, (runs: Runs) => Promise<boolean>>> = { overhead, lab, start };

await main(async () => {
  const { values: options } = parseArgs({
    options: {
      only: { type: "string" },
      runs: { type: "string", default: "10" },
      "lab-runs": { type: "string", default: "5" },
      "patroni-runs": { type: "string", default: "3" },
    },
  });
  const count = (flag: "runs" | "lab-runs" | "patroni-runs") =>
    wholeNumberWithin(`--${flag}`, 1, 100)(options[flag]);
  const runs = {
    runs: count("runs"),
    labRuns: count("lab-runs"),
    patroniRuns: count("patroni-runs"),
  };
  let hold = true;
  for (const part of chosen(options.only)) hold = (await part(runs)) && hold;
  return hold;
});

function chosen(only: string | undefined) {
  if (only === undefined) return Object.values(PARTS);
  const part = PARTS[only];
  if (part) return [part];
  throw new Error(`--only: there is no '${only}'; there are ${Object.keys(PARTS).join(", ")}`);
}

async function overhead({ runs }: Runs): Promise<boolean> {
  title("Drill at pace 60, examples/fleet.yaml: RTO less the configured waits");
  const lines = await drill({ runs, pace: 60, fleet: join(ROOT, "examples", "fleet.yaml") });
  return report(overheadFigures(lines));
}

async function lab({ labRuns, patroniRuns }: Runs): Promise<boolean> {
  title("Lab plan at pace 1, nothing divided: SIGKILL to first acknowledged write");
  const lines = await drill({
    runs: labRuns,
    pace: 1,
    fleet: join(ROOT, "bench", "lab-fleet.yaml"),
  });
  const peer = await measurePatroni({ runs: patroniRuns, settings: SMALLEST });
  if (!peer) console.log(NOT_INSTALLED);
  return report([labFigure(lines, peer)]);
}

async function start(): Promise<boolean> {
  title("npm start, in a copy of the checkout without caches: wall time");
  return report(await startFigures());
}
