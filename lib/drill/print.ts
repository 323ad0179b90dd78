import pc from "picocolors";
import { machineWords } from "./machine.ts";
import { phasesOf } from "./report-phases.ts";
import {
  deploymentWords,
  explain,
  fenceWords,
  offset,
  restoredWords,
  rpoLimitOf,
  runName,
  span,
  storyOf,
  verdictOf,
} from "./report-words.ts";
import { type Check, type DrillResult, isServedAgain, type TimelineEntry } from "./result.ts";
import { nickname, wrap } from "./wrap.ts";

const WIDTH = 80;

type Paint = ReturnType<typeof pc.createColors>;
/** Colours on a terminal that wants them, plain text everywhere else. */
const terminal = () => pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);

/** One entry of the timeline as it happens; `zero` is the fault's instant in milliseconds. */
export function timelineLine(entry: TimelineEntry, zero: number, paint = terminal()): string {
  const { at, step } = entry;
  const head = `${offset(Date.parse(at) - zero).padStart(10)}  ${step.padEnd(9)} `;
  const colour = step === "fault" ? paint.red : step === "service" ? paint.green : String;
  return hanging(head, explain(entry)).map(colour).join("\n");
}

/** Figures, checks, and at the very end what happened, what it means and what next. */
export function verdictLines(result: DrillResult, paint = terminal()): string[] {
  const { instance, plan, pace, ok } = result;
  const name = runName(result);
  const story = storyOf(result);
  const verdict = `${ok ? "OK" : "NOT OK"}: ${verdictOf([result])}`;
  const colour = ok ? paint.green : paint.red;
  return [
    "",
    paint.bold(`${instance}, plan ${plan}, fault ${name}, pace ${pace}`),
    "",
    ...figures(result),
    "",
    ...result.checks.flatMap((check) => checkLines(check, paint)),
    "",
    paint.bold(colour(`${verdict} (${instance}, ${name}).`)),
    ...hanging("  happened  ", story.happened),
    ...hanging("  means     ", story.means),
    ...hanging("  next      ", story.next),
  ];
}

type Row = readonly [label: string, value: string];

function figures(result: DrillResult): string[] {
  const { dns, mails, debts, halt, machine } = result;
  const rows: readonly Row[] = [
    ...recoveryRows(result),
    ["rows", writesLine(result)],
    ["fence", fenceWords(result)],
    ...regionRows(result),
    ["back", restoredWords(result)],
    ["home", failbackLine(result)],
    // Broken into lines nobody could paste it: the mails and the report have the command.
    ["halt", halt === null ? "" : `${halt.code}, next command in ${halt.mails} mails`],
    ["DNS", dns.before],
    ["", dns.before === dns.after ? "not moved" : `→ ${dns.after}`],
    ["mails", String(mails.length)],
    ["debts", debts.length === 0 ? "none" : debts.join(", ")],
    ["stacks", deploymentWords(result)],
    ["host", machine ? machineWords(machine) : ""],
  ];
  return rows
    .filter(([, value]) => value !== "")
    .flatMap(([label, value]) => hanging(`  ${label.padEnd(6)} `, value));
}

/** What was lost with it and came back with it. */
function regionRows({ instance: own, instances = [] }: DrillResult): Row[] {
  const others = instances.filter(({ instance }) => instance !== own);
  return others.map(({ instance, ok, measured, writes, fencePaidSeconds }, index) => {
    const { lost, divergentExported = 0, acknowledgedByOldPrimaryAfterPromotion: late } = writes;
    const fenced =
      fencePaidSeconds === null ? "not fenced" : `fenced after ${span(fencePaidSeconds)}`;
    const figures = `RTO ${span(measured.rtoSeconds)}, ${lost} rows lost, ${fenced}, ${divergentExported} of ${late} rows exported`;
    return [index === 0 ? "region" : "", `${ok ? "✓" : "✗"} ${instance}: ${figures}`];
  });
}

/** Where nothing may be promoted there is no recovery to measure. */
function recoveryRows(result: DrillResult): Row[] {
  const { expected, measured, deadlineSeconds, promised } = result;
  if (!isServedAgain(expected)) {
    const rto = deadlineSeconds === null ? "" : `, the divided RTO is ${span(deadlineSeconds)}`;
    return [["seen", `watched for ${span(measured.observedSeconds)}${rto}`]];
  }
  return [
    ["RTO", against(measured.rtoSeconds, deadlineSeconds, promised.rtoSeconds)],
    ["", waitsLine(result)],
    ...partRows(result),
    ["RPO", against(measured.rpoSeconds, rpoLimitOf(result), promised.rpoSeconds)],
  ];
}

function against(measured: number | null, limit: number | null, sold: number | null): string {
  const found = measured === null ? "not measured" : `measured ${span(measured)}`;
  return limit === null
    ? `${found}, none promised`
    : `${found}, allowed ${span(limit)} (sold: ${span(sold)})`;
}

function waitsLine({ measured: { waitsSeconds, overheadSeconds } }: DrillResult): string {
  if (overheadSeconds === null) return "";
  return `configured waits ${span(waitsSeconds)}, overhead ${span(overheadSeconds)}`;
}

const partRows = ({ timeline }: DrillResult) =>
  phasesOf(timeline).map(({ name, kind, ms }, index) => {
    const figure = `${(ms / 1000).toFixed(2)} s`.padStart(8);
    return [index === 0 ? "parts" : "", `${figure}  ${kind}  ${name}`] as const;
  });

function writesLine({ writes }: DrillResult): string {
  const { acknowledged, lost, acknowledgedByOldPrimaryAfterPromotion: late, ghosts } = writes;
  const givenUp = writes.givenUp === undefined ? "" : `${writes.givenUp} given up, `;
  return `${acknowledged} acknowledged, ${lost} lost, ${givenUp}${late} by the old primary later, ${ghosts} ghosts`;
}

function failbackLine({ failback }: DrillResult): string {
  if (!failback) return "";
  const { reprotectSeconds, seconds, heldSeconds, rows, rpoRows, measuredAt } = failback;
  return [
    `new standby ${reprotectSeconds === null ? "none" : `after ${span(reprotectSeconds)}`}`,
    `failback ${seconds === null ? "none" : `in ${span(seconds)}`}, writes held ${span(heldSeconds)}`,
    `${rpoRows} of ${rows} rows lost`,
    ...(measuredAt === null ? [] : [`measured at ${measuredAt}`]),
  ].join("; ");
}

function checkLines({ ok, name, found }: Check, paint: Paint): string[] {
  return hanging(ok ? "  ✓ " : "  ✗ ", `${name}: ${found}`).map(ok ? paint.green : paint.red);
}

/** The text behind its head, further lines below its first word, none wider than the screen. */
function hanging(head: string, text: string): string[] {
  const rows = wrap(nickname(text), WIDTH - head.length);
  return rows.map((row, index) => (index === 0 ? head : " ".repeat(head.length)) + row);
}
