import pc from "picocolors";
import { offset } from "./report.ts";
import type { DrillResult, TimelineEntry } from "./result.ts";

const WIDTH = 80;

/** One line of the timeline as it happens; `zero` is the fault's instant in milliseconds. */
export function timelineLine({ at, step, detail }: TimelineEntry, zero: number): string {
  const head = `${offset(Date.parse(at) - zero).padStart(10)}  ${step.padEnd(9)} `;
  const paint = step === "fault" ? pc.red : step === "service" ? pc.green : (word: string) => word;
  return paint(head + shorten(detail, WIDTH - head.length));
}

/** The verdict against the plan: what was promised, what was measured, each check. */
export function verdictLines(result: DrillResult): string[] {
  const { instance, plan, fault, pace, measured, promised, deadlineSeconds, ok } = result;
  return [
    "",
    pc.bold(`${instance}, plan ${plan}, fault ${fault}, pace ${pace}`),
    row("RTO", `promised ${span(promised.rtoSeconds)}, here ${span(deadlineSeconds)}`),
    row("", `measured ${span(measured.rtoSeconds)} = waits ${span(measured.waitsSeconds)}`),
    row("", `+ overhead ${span(measured.overheadSeconds)}`),
    row("RPO", `promised ${span(promised.rpoSeconds)}, measured ${span(measured.rpoSeconds)}`),
    row("rows", writesLine(result)),
    row("fence", result.fence),
    row("DNS", `${result.dns.before}`),
    row("", `→ ${result.dns.after}`),
    row("mails", String(result.mails.length)),
    row("debts", result.debts.length === 0 ? "none" : result.debts.join(", ")),
    "",
    ...result.checks.map(({ ok: held, name, found }) =>
      (held ? pc.green : pc.red)(
        `  ${held ? "✓" : "✗"} ${shorten(`${name}: ${found}`, WIDTH - 4)}`,
      ),
    ),
    "",
    ok ? pc.green(pc.bold("OK: the promise held.")) : pc.red(pc.bold("NOT OK: see above.")),
  ];
}

function writesLine({ writes }: DrillResult): string {
  const late = writes.acknowledgedByOldPrimaryAfterPromotion;
  return `${writes.acknowledged} acknowledged, ${writes.lost} lost, ${late} by the old primary, ${writes.ghosts} ghosts`;
}

const row = (label: string, value: string) => `  ${label.padEnd(6)} ${shorten(value, WIDTH - 9)}`;
const span = (seconds: number | null) => (seconds === null ? "—" : `${+seconds.toFixed(2)} s`);
const shorten = (value: string, width: number) =>
  value.length <= width ? value : `${value.slice(0, width - 1)}…`;
