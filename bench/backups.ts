// What one pass thinks: 10,000 instances with 66 backups each, as the densest sold plan keeps them (24 hourly, 30 daily, 12 monthly).

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ZoneCalendar } from "../lib/sla/backups/calendar.ts";
import type { Tags } from "../lib/sla/backups/catalogue.ts";
import { backupId, shelved, TAGS, tagsOf } from "../lib/sla/backups/catalogue.ts";
import { dayOfDate, forecast } from "../lib/sla/backups/forecast.ts";
import { backupPlanOf } from "../lib/sla/backups/of-plan.ts";
import { type Desired, type Observed, reconcile } from "../lib/sla/backups/reconcile.ts";
import { PRESETS } from "../lib/sla/presets.ts";
import { main, report, title } from "./print.ts";

const RUNS = 5;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOW_MS = Date.parse("2026-11-21T12:10:00Z");
const REGION = "eu-west-3";
const LIMIT_SECONDS = 2;
const SIMULATE_SECONDS = 2;

const calendar = new ZoneCalendar("Europe/Paris");
const plan = backupPlanOf(sold());

function sold() {
  const backups = PRESETS["cloudpepper-high"]?.backups;
  if (!backups) throw new Error("cloudpepper-high sells backups");
  return backups;
}

/** When each of them was taken, and for what. */
function moments(): readonly { readonly ms: number; readonly schedules: readonly string[] }[] {
  const last = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
  const four = Date.parse("2026-11-21T03:00:00Z");
  const hours = Array.from({ length: 24 }, (_, index) => last - index * HOUR_MS);
  const days = Array.from({ length: 30 }, (_, index) => four - index * 24 * HOUR_MS);
  const months = Array.from({ length: 12 }, (_, index) =>
    calendar.shift(Date.parse("2026-11-01T03:00:00Z"), { months: -index }),
  );
  // Where two of them meet one backup would serve both: a minute apart they are two.
  return [
    ...hours.map((ms) => ({ ms, schedules: ["hourly"] })),
    ...days.map((ms) => ({ ms: ms + MINUTE_MS, schedules: ["daily"] })),
    ...months.map((ms) => ({ ms: ms + 2 * MINUTE_MS, schedules: ["monthly"] })),
  ];
}

/** An hour ago, and well. */
const TESTED: Tags = {
  [TAGS.tested]: new Date(NOW_MS - 2 * HOUR_MS).toISOString(),
  [TAGS.verified]: new Date(NOW_MS - HOUR_MS).toISOString(),
};

function fleet(instances: number): readonly { desired: Desired; observed: Observed }[] {
  const taken = moments();
  return Array.from({ length: instances }, (_, index) => {
    const instance = `i${index}`;
    const shelf = taken.flatMap(({ ms, schedules }) => {
      const tags: Tags = { ...tagsOf({ instance, schedules, tickMs: ms }), ...TESTED };
      const takenAt = new Date(ms).toISOString();
      const id = backupId(instance, ms);
      return (
        shelved({ id, region: REGION, status: "available", takenAt, isCopy: false, tags }) ?? []
      );
    });
    return {
      desired: {
        ...{ instance, plan, places: [REGION], epoch: 1 },
        testEvery: "1mo",
        primary: { region: REGION, database: instance },
      },
      observed: { shelves: new Map([[REGION, shelf]]), untagged: new Map() },
    };
  });
}

/** Seconds, the least of several runs, and MB that the observed fleet holds more than nothing. */
function measure(instances: number): Measured {
  const before = heldMb();
  const all = fleet(instances);
  const megabytes = heldMb() - before;
  let seconds = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    let actions = 0;
    for (const { desired, observed } of all) {
      actions += reconcile(desired, observed, calendar, NOW_MS).actions.length;
    }
    seconds = Math.min(seconds, (performance.now() - began) / 1000);
    if (actions > 0) throw new Error(`${actions} actions where nothing has to be done`);
  }
  const [first] = all;
  return { seconds, megabytes, backups: first?.observed.shelves.get(REGION)?.length ?? 0 };
}

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly backups: number;
}

/** After everything that nobody holds has gone. */
function heldMb(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Processor time of ten years of the plan above, simulated and judged. */
function tenYears(): number {
  const began = process.cpuUsage();
  const { ok } = forecast({
    ...{ backups: sold(), timezone: "Europe/Paris", missed: new Set() },
    ...{ from: dayOfDate("2026-01-01"), days: 3652 },
  });
  if (!ok) throw new Error("the densest plan is broken by itself");
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

await main(async () => {
  title("Reconcile: what a pass thinks of 10,000 instances");
  const [small, large] = [measure(1000), measure(10_000)];
  console.log(`${large.backups} backups of each; the least of ${RUNS} runs`);
  return report([
    { what: "10,000 instances", value: large.seconds, unit: "s", limit: LIMIT_SECONDS },
    {
      what: "ten times 1,000 instances",
      value: large.seconds / small.seconds,
      unit: "x",
      limit: 13,
    },
    { what: "10,000 instances, held", value: large.megabytes, unit: "MB", limit: 1024 },
    {
      what: "memory of ten times 1,000",
      value: large.megabytes / small.megabytes,
      unit: "x",
      limit: 11,
    },
    {
      what: "sla simulate, ten years, processor",
      value: tenYears(),
      unit: "s",
      limit: SIMULATE_SECONDS,
    },
  ]);
});
