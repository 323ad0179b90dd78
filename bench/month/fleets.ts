import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figure } from "../print.ts";
import type { PublishedFleet } from "./publish-fleet.ts";
import { idsOf, writeLedger } from "./sealed-fleet.ts";

const PUBLISH = fileURLToPath(new URL("./publish-fleet.ts", import.meta.url));
const [FEW, SOME, MANY] = [100, 1000, 5000] as const;
/** Of JavaScript, for whatever lives long. */
export const HEAP_MB = 200;
/** Of the process with all that it loads. */
const PEAK_MB = 600;
const HELD_KB = 40;

/** A fleet as `sla-report` publishes it: in a process of its own, with the same small heap however many they are. */
function published(count: number): PublishedFleet {
  const directory = mkdtempSync(join(tmpdir(), "bench-fleet-"));
  try {
    writeLedger(directory, idsOf(count), "2026-11-01");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--expose-gc", `--max-old-space-size=${HEAP_MB}`, PUBLISH, directory, String(count)],
      { cwd: fileURLToPath(new URL("../..", import.meta.url)), encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`publishing ${count} instances: exit ${status}: ${stderr}`);
    return JSON.parse(stdout) as PublishedFleet;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function fleetFigures(count: number, found: PublishedFleet): readonly Figure[] {
  const { seconds, documents, megabytes, heldMegabytes, peakMegabytes } = found;
  const each = [
    `${documents} documents, ${megabytes.toFixed(0)} MB`,
    `${((seconds * 1000) / count).toFixed(0)} ms an instance`,
  ];
  const held = [`${heldMegabytes.toFixed(0)} MB held when most were published`];
  return [
    {
      what: `${count} instances, processor`,
      value: seconds,
      unit: "s",
      limit: count * 0.1,
      parts: each,
    },
    {
      what: `${count} instances, the most memory`,
      value: peakMegabytes,
      unit: "MB",
      limit: PEAK_MB,
      parts: held,
    },
  ];
}

/** The same heap for all of them, and what one instance more adds to what is held. */
export function fleets(): readonly Figure[] {
  const few = published(FEW);
  const many = published(MANY);
  const more = (many.heldMegabytes - few.heldMegabytes) / (MANY - FEW);
  const each = { what: "held of each instance more", unit: "KB", limit: HELD_KB } as const;
  return [
    ...fleetFigures(FEW, few),
    ...fleetFigures(SOME, published(SOME)),
    ...fleetFigures(MANY, many),
    { ...each, value: more * 1000 },
  ];
}
