// Each bundle: at most 500 KB and 100 ms to import, an empty process deducted; but for those that nobody waits for.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { wholeNumberWithin } from "../lib/drill/options.ts";
import { bundleFunctions } from "../lib/infra/bundles.ts";
import { ENTRIES, type FunctionName } from "../lib/infra/functions.ts";
import { importTimes } from "./bundles/import-time.ts";
import { amount, type Figure, main, report, table, title } from "./print.ts";

const LIMIT_KB = 500;
const LIMIT_MS = 100;
/** Hourly and by quarters of an hour: with the calendars of all time zones, with SSH and age. */
const PATIENT: ReadonlySet<string> = new Set(["sla-backups", "sla-deliver"]);
const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Weighed {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly wholeMs: number;
  readonly importMs: number;
}

await main(async () => {
  const { values: options } = parseArgs({
    options: {
      runs: { type: "string", default: "15" },
      "report-only": { type: "boolean", default: false },
    },
  });
  const runs = wholeNumberWithin("--runs", 1, 1000)(options.runs);
  const { emptyMs, bundles } = await weigh(runs);
  title(`Bundles: size, and import as median of ${runs} fresh processes`);
  const head = ["function", "bytes", "gzip", "process ms", "- empty ms", "= import ms"];
  const rows = bundles.map((bundle) => rowOf(bundle, emptyMs));
  for (const line of table(head, rows)) console.log(line);
  console.log();
  const waitedFor = bundles.filter(({ name }) => !PATIENT.has(name));
  const hold = report(figuresOf(waitedFor, emptyMs));
  return hold || options["report-only"];
});

async function weigh(runs: number) {
  const built = await bundleFunctions(ROOT);
  const names = Object.keys(ENTRIES) as FunctionName[];
  const files = names.map((name) => join(built.directory(name), "index.mjs"));
  const { emptyMs, wholeMs } = await importTimes(files, runs);
  const bundles = await Promise.all(
    names.map(async (name, index): Promise<Weighed> => {
      const content = await readFile(files[index] ?? "");
      const whole = wholeMs[index] ?? Number.NaN;
      return {
        name,
        bytes: content.length,
        gzipBytes: gzipSync(content).length,
        wholeMs: whole,
        importMs: whole - emptyMs,
      };
    }),
  );
  return { emptyMs, bundles };
}

function rowOf(bundle: Weighed, emptyMs: number): string[] {
  const ms = [bundle.wholeMs, emptyMs, bundle.importMs].map((each) => each.toFixed(1));
  return [bundle.name, String(bundle.bytes), String(bundle.gzipBytes), ...ms];
}

/** The limits are for each bundle, so the largest and the slowest speak for all. */
function figuresOf(bundles: readonly Weighed[], emptyMs: number): Figure[] {
  const [largest] = bundles.toSorted((a, b) => b.bytes - a.bytes);
  const [slowest] = bundles.toSorted((a, b) => b.importMs - a.importMs);
  if (!largest || !slowest) throw new Error("bundles: there is no function to measure");
  return [
    {
      what: `largest: ${largest.name}`,
      value: largest.bytes / 1000,
      unit: "KB",
      limit: LIMIT_KB,
      parts: [`${amount(largest.gzipBytes / 1000, "KB")} compressed`],
    },
    {
      what: `slowest import: ${slowest.name}`,
      value: slowest.importMs,
      unit: "ms",
      limit: LIMIT_MS,
      parts: [`${amount(slowest.wholeMs, "ms")} - empty process ${amount(emptyMs, "ms")}`],
    },
  ];
}
