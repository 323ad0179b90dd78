// Settling a month: `sla month` with intervals on standard input, `sla report` from a ledger of raw rounds.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { keys } from "../functions/ledger/contract.ts";
import type { Ledger } from "../functions/ledger/ledger.ts";
import { SETTLING_MINUTES } from "../functions/report/contract.ts";
import { sealDays } from "../functions/report/seal-days.ts";
import type { LookRecord, RoundRecord } from "../functions/watch/contract.ts";
import { fleetOf as loadFleet } from "../lib/cli/fleet-of.ts";
import { copiesIn } from "../lib/operator/ledger-directory.ts";
import { monthSpan } from "../lib/sla/books/month.ts";
import { fleets, HEAP_MB } from "./month/fleets.ts";
import { type Figure, main, median, report, title } from "./print.ts";

const RUNS = 5;
const MINUTE_MS = 60_000;
const SETTLED_MS = (SETTLING_MINUTES + 1) * MINUTE_MS;
const INSTANCES = 250;
const PROGRAM = fileURLToPath(new URL("../bin/sla.js", import.meta.url));
const FLEET = fileURLToPath(new URL("../examples/fleet.yaml", import.meta.url));
/** Prints what it took once the program after it has ended. */
const PEAK = fileURLToPath(new URL("./month/peak.ts", import.meta.url));
/** Of one instance's month, with all that the process loads. */
const PEAK_MB = 300;
const ZONE = "Europe/Zurich";
const SITE = "eu-west-1";
const ELSEWHERE = ["eu-central-1", "eu-central-2"];
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
    const record: RoundRecord = { shard: "s00", site: SITE, scheduledTime: slot, looks };
    const path = join(directory, keys.round(slot, "s00"));
    if (ms === span.fromMs || slot.includes("T00:00"))
      mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, gzipSync(JSON.stringify(record), { level: 1 }));
  }
}

/** A directory as the ledger of a site, to seal in. */
function ledgerIn(directory: string): Ledger {
  const [shelf] = copiesIn(directory).ledgers.map((each) => each.shelf);
  if (!shelf) throw new Error(`${directory} holds no ledger`);
  const pathOf = (key: string) => join(directory, key);
  const write = (key: string, value: unknown) => {
    mkdirSync(join(pathOf(key), ".."), { recursive: true });
    const json = JSON.stringify(value);
    writeFileSync(pathOf(key), key.endsWith(".gz") ? gzipSync(json) : json);
    return true;
  };
  const read = async <T>(key: string) => {
    const text = await shelf.text(key);
    return text === undefined ? undefined : { value: JSON.parse(text) as T, tag: "" };
  };
  return {
    ...{ list: shelf.list, text: shelf.text, read },
    create: async (key, value) => !existsSync(pathOf(key)) && write(key, value),
    replace: async (key, value) => write(key, value),
  };
}

/** Every day that the month touches, as `sla-days` would have. */
async function seal(directory: string): Promise<void> {
  const fleet = loadFleet(FLEET);
  let now = new Date(span.fromMs - 86_400_000 + SETTLED_MS);
  const clock = { now: () => now };
  const ports = { ledger: ledgerIn(directory), mirror: undefined, vault: undefined, fleet, clock };
  await sealDays({ site: SITE, ...ports });
  now = new Date(span.toMs + 86_400_000 + SETTLED_MS);
  await sealDays({ site: SITE, ...ports });
}

/** `sla report` of one instance, in a process of its own that tells the most memory it ever had. */
function memory(directory: string): number {
  const asked = ["report", "--instance", "acme", "--month", "2026-10", "--json"];
  const args = [PEAK, PROGRAM, ...asked, "--ledger", directory, "--fleet", FLEET];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`sla report: exit ${status}: ${stderr}`);
  const [, kilobytes] = /^peak (\d+) KB$/m.exec(stderr) ?? [];
  if (kilobytes === undefined) throw new Error(`sla report told no memory: ${stderr}`);
  return Number(kilobytes) / 1024;
}

const settle = (directory: string, ...args: readonly string[]) =>
  run([...args, "--month", "2026-10", "--ledger", directory, "--fleet", FLEET, "--json"]);

/** Raw records first, then the same sealed. */
async function books(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-month-"));
  try {
    // One site saw everything; the fleet has two more, which saw nothing.
    for (const site of ELSEWHERE) mkdirSync(join(directory, site, "rounds"), { recursive: true });
    fill(join(directory, SITE));
    const raw = settle(directory, "report");
    await seal(join(directory, SITE));
    const one = ["report", "--instance", "acme"];
    const sealed = median(Array.from({ length: RUNS }, () => settle(directory, ...one)));
    return [
      { what: "sla report, raw records", value: raw, unit: "s", limit: 30 },
      { what: "sla report, sealed days", value: sealed, unit: "s", limit: 1 },
      { what: "the same, the most memory", value: memory(directory), unit: "MB", limit: PEAK_MB },
      { what: "sla verify", value: settle(directory, "verify"), unit: "s", limit: 30 },
    ];
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
  title(`Month: ${INSTANCES} instances, a record a minute, 43,200 and more of them`);
  const isRead = report(await books());
  title(`Month: a fleet published from sealed days, as sla-report does, heap ${HEAP_MB} MB`);
  return report(fleets()) && isRead && isQuick;
});
