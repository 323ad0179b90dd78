import type { InstanceRecord } from "../../../lib/books/month-record.ts";
import { type FleetShown, fleetPage } from "../../../lib/report/fleet-page.ts";
import { type InstanceShown, instancePage } from "../../../lib/report/instance-page.ts";
import { type Speaker, speakerOf } from "../../../lib/report/speaker.ts";
import { settle, shareOf } from "../../../lib/sla/books/availability.ts";
import { creditFor } from "../../../lib/sla/books/credits.ts";
import type { Happenings } from "../../../lib/sla/books/happenings.ts";
import { hoursOf } from "../../../lib/sla/books/hours.ts";
import { outagesOf, runsOf } from "../../../lib/sla/books/minute-runs.ts";
import { type Interval, type MinuteState, sheetOf } from "../../../lib/sla/books/minute-sheet.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import { tallyOf } from "../../../lib/sla/books/tally.ts";
import type { Language } from "../../../lib/sla/language.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { notMeasured, promisesKept } from "../../../lib/sla/promises-kept.ts";
import { CLAIMS } from "./claimed.ts";

const ZONE = "Europe/Zurich";
const MONTH = "2026-10";
const SPAN = monthSpan(MONTH, ZONE);
const KEY = "failovers/acme/fo-acme-e1-20261005080000000/record.json";
const PLAN = {
  ...mintsys,
  credits: cloudpepperHigh.credits,
  restoreTests: { every: "1mo" },
  imageTests: { every: "2w" },
} satisfies Plan;

export const speak = (language: Language): Speaker => speakerOf(language, ZONE, SPAN);

const states = (state: MinuteState, ...spans: readonly (readonly [string, string])[]): Interval[] =>
  spans.map(([from, to]) => ({
    ...{ state, fromMs: Date.parse(`2026-10-${from}Z`), toMs: Date.parse(`2026-10-${to}Z`) },
  }));

/** A month with something of everything in it. */
const EVENTFUL: readonly Interval[] = [
  { state: "up", fromMs: SPAN.fromMs, toMs: Date.parse("2026-10-19T04:10Z") },
  { state: "up", fromMs: Date.parse("2026-10-19T07:00Z"), toMs: SPAN.toMs },
  ...states("down", ["05T08:00", "05T08:21"], ["09T23:59", "10T00:02"], ["25T00:30", "25T01:40"]),
  ...states("maintenance", ["12T21:00", "12T22:30"]),
  ...states("excluded", ["20T10:00", "20T10:10"]),
];

const HAPPENED: Happenings = {
  incidents: [
    {
      ...{ key: "incidents/acme/20261005080000000.json", incident: "20261005080000000" },
      ...{ firstBadAt: "2026-10-05T08:00:00.000Z", openedAt: "2026-10-05T08:00:30.000Z" },
      ...{ firstGoodAt: "2026-10-05T08:20:15.000Z", closedAt: "2026-10-05T08:20:30.000Z" },
      notes: [
        { id: "fo-1", outcome: "done", at: "2026-10-05T08:20:10.000Z" },
        { id: "fo-1", outcome: "settled", at: "2026-10-06T06:00:00.000Z" },
      ],
    },
    {
      ...{ key: "incidents/acme/20261025003000000.json", incident: "20261025003000000" },
      ...{ firstBadAt: "2026-10-25T00:30:00.000Z", notes: [] },
    },
  ],
  failovers: [
    {
      ...{ key: KEY, id: "fo-1", incident: "20261005080000000", kind: "failover" },
      ...{ goodAt: "2026-10-05T08:20:10.000Z", rtoSeconds: 1210.4, rpoSeconds: 3.2 },
      isProvisional: true,
      steps: ["admit", "evidence", "preflight", "fence", "promote", "gate", "flip", "prove"].map(
        (step, minute) => ({ step, at: `2026-10-05T08:0${minute + 1}:07.000Z` }),
      ),
    },
    {
      ...{ key: "failovers/acme/planned/record.json", id: "fo-2", incident: "p", kind: "planned" },
      ...{ goodAt: "2026-10-28T20:00:00.000Z", rtoSeconds: 61, rpoSeconds: 0 },
      ...{ isProvisional: false, steps: [] },
    },
  ],
  restoreTests: [
    {
      ...{ key: "restores/acme/rt-20261008-acme-20261007/record.json", backup: "acme-20261007" },
      ...{ region: "eu-west-1", ok: true, endedAt: "2026-10-08T03:12:00.000Z", froze: true },
      ...{ takenAt: "2026-10-07T01:00:00.000Z", restoreSeconds: 1383, rows: 12_345_678 },
    },
    {
      ...{ key: "restores/acme/rt-2/record.json", backup: "acme-20261015", froze: false },
      ...{ region: "eu-central-1", ok: false, endedAt: "2026-10-16T03:12:00.000Z" },
    },
  ],
  imageTests: [
    {
      ...{ key: "image-tests/acme/rt-20261010-sla-acme-20261009t030000z.json", ok: true },
      ...{ image: "sla-acme-20261009t030000z", region: "eu-west-1" },
      ...{ endedAt: "2026-10-10T05:20:00.000Z", takenAt: "2026-10-09T03:00:00.000Z" },
      bootSeconds: 412,
    },
    {
      ...{ key: "image-tests/acme/rt-2.json", image: "sla-acme-20261015t030000z", ok: false },
      ...{ region: "eu-central-1", endedAt: "2026-10-24T05:20:00.000Z" },
    },
  ],
  lastImageProof: {
    key: "image-tests/acme/rt-20261010-sla-acme-20261009t030000z.json",
    endedAt: "2026-10-10T05:20:00.000Z",
  },
  gameDays: [],
  lastProof: {
    key: "restores/acme/rt-20261008-acme-20261007/record.json",
    endedAt: "2026-10-08T03:12:00.000Z",
  },
  backups: Array.from({ length: 30 }, (_, index) =>
    (["eu-central-2", "eu-central-1", "eu-west-1"] as const).map((region) => ({
      ...{ key: "backups/x.json", backup: `acme-${index}`, region },
      kind: region === "eu-central-2" ? ("take" as const) : ("copy" as const),
      at: new Date(Date.parse("2026-10-02T01:00Z") + index * 86_400_000).toISOString(),
    })),
  ).flat(),
  lives: Array.from({ length: 15 }, (_, index) => ({
    ...{ id: `acme-${index}`, region: "eu-central-2", schedules: [] },
    takenMs: SPAN.fromMs - index * 86_400_000,
    availableMs: SPAN.fromMs - index * 86_400_000,
  })),
  images: [],
  unreadable: ["incidents/acme/torn.json"],
};

const NOTHING: Happenings = {
  ...{ incidents: [], failovers: [], restoreTests: [], imageTests: [], gameDays: [], backups: [] },
  ...{ lives: [], images: [], unreadable: [] },
};

function settledOf(
  instance: string,
  intervals: readonly Interval[],
  happened: Happenings,
  claims: Pick<InstanceRecord, "windows" | "annotations"> = { windows: [], annotations: [] },
): InstanceRecord {
  const sheet = sheetOf(SPAN, intervals);
  const tally = tallyOf(sheet.minutes());
  const settled = settle(tally.minutes, { percent: PLAN.availability.objectivePercent });
  const runs = runsOf(SPAN, sheet.minutes());
  const hours = hoursOf(runs, ZONE);
  const outages = outagesOf(runs);
  const judged = { ...settled, happened, outages, hours, timezone: ZONE, span: SPAN };
  const fee = { minor: 4900n, currency: "EUR" };
  const bill = { endMs: SPAN.toMs, timezone: ZONE, fee };
  return {
    ...{ instance, plan: "mintsys", ...tally, ...settled, ...happened, runs, span: SPAN },
    ...{ timezone: ZONE, asked: SPAN },
    ...{ withoutExclusions: { ...tally, ...settled }, ...claims },
    credit: creditFor(shareOf(tally.minutes), PLAN.credits, bill),
    outages,
    promises: promisesKept(PLAN, judged),
  };
}

export const ACME = settledOf("acme", EVENTFUL, HAPPENED, CLAIMS);
const QUIET = settledOf("birch", [{ state: "up", ...SPAN }], NOTHING);
const BLIND = settledOf("cedar", [], NOTHING);
export const ALL = [QUIET, BLIND, ACME];

const FRAME = {
  ...{ month: MONTH, timezone: ZONE, span: SPAN, provider: "Mintsys" },
  evidence: {
    ...{ rounds: 44_699, misplaced: [], fromTheFuture: [] },
    unreadable: ["rounds/2026-10-19/041000-s00.json.gz"],
    seals: [{ site: "eu-west-1", day: "2026-10-31", sha256: "5".repeat(64) }],
    unsealedDays: 1,
  },
  proof: { sha256: "0".repeat(64), command: "sla report --month 2026-10 --json | sha256sum" },
};

export const pageOf = (language: Language, changes: Partial<InstanceShown> = {}): string =>
  instancePage(
    { ...FRAME, settled: ACME, unmeasured: notMeasured(PLAN), ...changes },
    speak(language),
  );

export const fleetOf = (language: Language, changes: Partial<FleetShown> = {}): string =>
  fleetPage({ ...FRAME, instances: ALL, ...changes }, speak(language));
