import type { InstanceFigures } from "../books/month-report.ts";
import type { Speaker } from "./speaker.ts";

/** Kept, broken, sold but not shown, not sold. */
export type Tone = "good" | "bad" | "open" | "soft";

export function toneOf({ objective, held, provable }: InstanceFigures): Tone {
  if (objective === null) return "soft";
  if (held === null || !provable) return "open";
  return held ? "good" : "bad";
}

/** Beside words, never for them. */
export const MARKS: Readonly<Record<Tone, string>> = { good: "✓", bad: "✗", open: "?", soft: "–" };

/** The month in one sentence. */
export function verdictWords(month: InstanceFigures, { say, percent }: Speaker): string {
  const { objective: sold, held, provable, minutes } = month;
  const availability = month.availability === null ? undefined : percent(month.availability);
  if (sold === null) {
    return availability === undefined
      ? say("verdictNothing")
      : say("verdictUnsold", { availability });
  }
  const objective = percent(sold);
  if (availability === undefined || held === null) return say("verdictBlind", { objective });
  const figures = { objective, availability };
  if (provable) return say(held ? "verdictHeld" : "verdictMissed", figures);
  const n = minutes.unobserved;
  return say(held ? "verdictHeldUnproven" : "verdictMissedUnproven", { ...figures, n });
}

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly remark?: string;
}

/** The five that a mail has as well. */
export function fiveFigures(month: InstanceFigures, speaker: Speaker): readonly Figure[] {
  const { say, percent, minutes: inMinutes } = speaker;
  const { availability, objective, minutes, longestOutageMinutes, credit, eligibility } = month;
  const sold =
    objective === null ? {} : { remark: `${speaker.label(say("promised"))} ${percent(objective)}` };
  const share = credit && percent(String(credit.percent));
  const worth = credit?.amount ? speaker.money(credit.amount) : share;
  return [
    {
      name: say("availability"),
      value: availability === null ? "—" : percent(availability),
      ...sold,
    },
    { name: say("downtime"), value: inMinutes(minutes.down), ...budgetOf(month, speaker) },
    { name: say("longestOutage"), value: inMinutes(longestOutageMinutes) },
    { name: say("unobserved"), value: inMinutes(minutes.unobserved) },
    {
      ...{ name: say("credit"), value: worth ?? say("none") },
      ...(eligibility?.eligible === false && { remark: say("notEligible") }),
    },
  ];
}

function budgetOf({ errorBudgetMinutes: left }: InstanceFigures, { say, minutes, label }: Speaker) {
  if (left === null) return {};
  const words = left < 0 ? say("budgetOver") : say("budgetLeft");
  return { remark: `${label(words)} ${minutes(Math.abs(left))}` };
}

/** What does not count, where there is any. */
export function uncountedFigures(
  { minutes: { maintenance, excluded } }: InstanceFigures,
  { say, minutes }: Speaker,
): readonly Figure[] {
  return [
    ...(maintenance > 0 ? [{ name: say("maintenance"), value: minutes(maintenance) }] : []),
    ...(excluded > 0 ? [{ name: say("excluded"), value: minutes(excluded) }] : []),
  ];
}

/** Not held before not proven before held, of alike ones the least available first. */
export function worstFirst<T extends InstanceFigures>(months: readonly T[]): readonly T[] {
  return months.toSorted(
    (one, other) =>
      rankOf(one) - rankOf(other) ||
      Number(one.availability ?? 0) - Number(other.availability ?? 0) ||
      (one.instance < other.instance ? -1 : 1),
  );
}

const RANKS: Readonly<Record<Tone, number>> = { bad: 0, open: 1, good: 2, soft: 3 };

const rankOf = (month: InstanceFigures): number => RANKS[toneOf(month)];
