import type { FailoverHappened } from "./books/happenings.ts";
import { type Amount, type Kept, keptIf, type PromiseKept } from "./kept.ts";
import type { Recovery } from "./plan.ts";
import type { Unended } from "./unended.ts";

/** What may have been a case of one promise. */
export interface Losses {
  /** Those that were ended. */
  readonly cases: readonly FailoverHappened[];
  /** Those that nothing shows to have been ended. */
  readonly unended: readonly Unended[];
  /** Whether one whose failover halted surely is a case of this promise. */
  readonly isHaltedOurs: boolean;
}

type Pair = readonly ["rtoServer", "rpoServer"] | readonly ["rtoSite", "rpoSite"];

/**
 * The worst of all cases decides. A loss that nothing bounds is never a loss that was kept, nor is an outage that nothing has ended
 * no case: one that may have lasted longer than was sold, or whose failover halted.
 */
export function recoveryKept(
  sold: Recovery | undefined,
  losses: Losses,
  [rto, rpo]: Pair,
): PromiseKept[] {
  if (!sold) return [];
  const { cases } = losses;
  const open = openIn(losses, sold.rtoSeconds);
  const lasted = open.filter(({ isLonger }) => isLonger).map(({ mostSeconds }) => mostSeconds);
  const evidence = [
    ...cases.flatMap(({ key, gameDay }) => (gameDay === undefined ? [key] : [key, gameDay])),
    ...new Set(open.flatMap((each) => each.evidence)),
  ];
  const slowest = worst([...cases.map(({ rtoSeconds }) => rtoSeconds), ...lasted]);
  const bounded = cases.flatMap(({ rpoSeconds }) => rpoSeconds ?? []);
  const most = worst(bounded);
  const isProvisional = cases.some((each) => each.isProvisional);
  const exercised = cases.some(({ gameDay }) => gameDay !== undefined) && {
    isExercised: true as const,
  };
  return [
    {
      ...{ promise: rto, sold: inSeconds(sold.rtoSeconds), measured: inSecondsOrNot(slowest) },
      status: worstOf([
        ...cases.map(({ rtoSeconds }) => keptIf(rtoSeconds <= sold.rtoSeconds)),
        ...open.map(({ isLonger }) => (isLonger ? "broken" : "not-shown")),
      ]),
      ...exercised,
      evidence,
    },
    {
      ...{ promise: rpo, sold: inSeconds(sold.rpoSeconds), measured: inSecondsOrNot(most) },
      status: worstOf([
        ...cases.map((each) => lossKept(each, sold.rpoSeconds)),
        ...open.map(() => "not-shown" as const),
      ]),
      ...(isProvisional && { isProvisional: true as const }),
      ...exercised,
      evidence,
    },
  ];
}

function openIn({ unended, isHaltedOurs }: Losses, rtoSeconds: number) {
  return unended
    .filter(({ isHalted, mostSeconds }) => (isHalted && isHaltedOurs) || mostSeconds > rtoSeconds)
    .map((each) => ({
      ...each,
      isLonger: isHaltedOurs && each.isHalted && each.leastSeconds >= rtoSeconds,
    }));
}

function lossKept({ rpoSeconds, isProvisional }: FailoverHappened, sold: number): Kept {
  if (rpoSeconds !== undefined && rpoSeconds > sold) return "broken";
  return rpoSeconds === undefined || isProvisional ? "not-shown" : "kept";
}

const WORST_FIRST = ["broken", "not-shown", "kept"] as const;

const worstOf = (all: readonly Kept[]): Kept =>
  WORST_FIRST.find((status) => all.includes(status)) ?? "no-case";

const worst = (seconds: readonly number[]) => (seconds.length === 0 ? null : Math.max(...seconds));
const inSeconds = (seconds: number): Amount => ({ unit: "seconds", seconds });
const inSecondsOrNot = (seconds: number | null) => (seconds === null ? null : inSeconds(seconds));
