import type { Said } from "./case.ts";
import type { Member } from "./ports.ts";

/** A member of a cluster that does not write, and what it says when it is asked. */
export interface Candidate {
  readonly member: Member;
  readonly said: Said;
}

export type Choice =
  | { readonly kind: "found"; readonly member: Member; readonly words: string }
  | { readonly kind: "none"; readonly because: string };

/**
 * Who is to write. Only who serves reads can; first those that have what the newest has, then whom RDS would take first, then the
 * newest.
 *
 * @param laggingMs behind the newest heartbeat of all: a member that has to catch up holds its own promotion up
 */
export function successorAmong(candidates: readonly Candidate[], laggingMs: number): Choice {
  const fit = candidates.flatMap(({ member, said }) => {
    const isFit = member.status === "available" && said.answered && said.reading.inRecovery;
    return isFit ? [{ member, beatMs: Date.parse(said.reading.beat?.at ?? "") || 0 }] : [];
  });
  const newest = Math.max(...fit.map(({ beatMs }) => beatMs));
  const lags = ({ beatMs }: (typeof fit)[number]) => Number(newest - beatMs > laggingMs);
  const [first] = fit.toSorted(
    (a, b) =>
      lags(a) - lags(b) ||
      a.member.tier - b.member.tier ||
      b.beatMs - a.beatMs ||
      (a.member.id < b.member.id ? -1 : 1),
  );
  if (!first) return { kind: "none", because: whyNone(candidates) };
  const { member } = first;
  const others = fit.length === 1 ? "the only one that serves" : `of ${fit.length} that serve`;
  return { kind: "found", member, words: `${member.id}, tier ${member.tier}, ${others}` };
}

const whyNone = (candidates: readonly Candidate[]): string =>
  candidates.length === 0
    ? "it has no member but the one that writes"
    : candidates.map(({ member, said }) => `${member.id} ${conditionOf(member, said)}`).join(", ");

function conditionOf({ status }: Member, said: Said): string {
  if (status !== "available") return `is ${status}`;
  if (!said.answered) return `does not answer: ${said.message}`;
  return "takes writes";
}
