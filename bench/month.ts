// Settling a month: `sla month` with intervals on standard input, `sla report` from a ledger of raw rounds.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { keys } from "../functions/ledger/contract.ts";
import type { LookRecord, RoundRecord } from "../functions/watch/contract.ts";
import { monthSpan } from "../lib/sla/books/month.ts";
import { main, median, report, title } from "./print.ts";

const RUNS = 5;
const MINUTE_MS = 60_000;
const INSTANCES = 250;
const PROGRAM = fileURLToPath(new URL("../bin/sla.js", import.meta.url));
const FLEET = fileURLToPath(new URL("../examples/fleet.yaml", import.meta.url));
const ZONE = "Europe/Zurich";
const span = monthSpan("2026-10", ZONE);

/** Overlapping, in no order, one in a hundred down. */
function intervals(count: number): string {
  const minutes = (span.toMs - span.fromMs) / MINUTE_MS;
  const rows = Array.from({ length: count }, (_, index) => {
    const from = span.fromMs + ((index * 7919) % minutes) * MINUTE_MS;
    const to = from + (1 + Math.floor(index / minutes)) * MINUTE_MS;
    const state = index % 100 === 0 ? "down" : "up";
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), state };
  });
  return JSON.stringify(rows);
}

/** One process from its start to its end, in seconds. */
function run(args: readonly string[], input = ""): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { input });
  if (status !== 0) throw new Error(`sla ${args[0]}: exit ${status}: ${stderr}`);
  return (performance.now() - began) / 1000;
}

function settled(count: number) {
  const input = intervals(count);
  const args = ["month", "--month", "2026-10", "--timezone", ZONE, "--objective", "99.9", "--json"];
  return median(Array.from({ length: RUNS }, () => run(args, input)));
}

/** A look a minute at so many instances. */
function fill(directory: string): void {
  const ids = ["acme", ...Array.from({ length: INSTANCES - 1 }, (_, index) => `other-${index}`)];
  const votes = { one: "good", two: "good", three: "good" } as const;
  const row = { epoch: 1, verdict: "up", votes, database: "advancing" } as const;
  const instances: LookRecord["instances"] = Object.fromEntries(ids.map((id) => [id, row]));
  for (let ms = span.fromMs; ms < span.toMs; ms += MINUTE_MS) {
    const slot = new Date(ms).toISOString();
    const looks = [{ slot, instances }];
    const record: RoundRecord = { shard: "s00", site: "eu-west-1", scheduledTime: slot, looks };
    const path = join(directory, keys.round(slot, "s00"));
    if (ms === span.fromMs || slot.includes("T00:00"))
      mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, gzipSync(JSON.stringify(record), { level: 1 }));
  }
}

function reported(): number {
  const directory = mkdtempSync(join(tmpdir(), "bench-month-"));
  try {
    fill(directory);
    return run(["report", "--month", "2026-10", "--ledger", directory, "--fleet", FLEET, "--json"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

await main(async () => {
  title("Month: intervals on standard input, the median of five processes");
  const figures = [
    { what: "a month of minutes", value: settled(44_700), unit: "s", limit: 1 },
    { what: "100,000 intervals", value: settled(100_000), unit: "s", limit: 1.5 },
  ] as const;
  const isQuick = report(figures);
  title(`Month: the example's three of ${INSTANCES} instances, a raw record a minute`);
  return (
    report([{ what: "sla report --ledger", value: reported(), unit: "s", limit: 30 }]) && isQuick
  );
});
