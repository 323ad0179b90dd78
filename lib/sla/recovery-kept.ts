import type { FailoverHappened } from "./books/happenings.ts";
import { type Amount, keptIf, type PromiseKept } from "./kept.ts";
import type { Recovery } from "./plan.ts";

type Pair = readonly ["rtoServer", "rpoServer"] | readonly ["rtoSite", "rpoSite"];

/** The worst of all cases decides. A loss that nothing bounds is never a loss that was kept. */
export function recoveryKept(
  sold: Recovery | undefined,
  cases: readonly FailoverHappened[],
  [rto, rpo]: Pair,
): PromiseKept[] {
  if (!sold) return [];
  const evidence = cases.map(({ key }) => key);
  const slowest = worst(cases.map(({ rtoSeconds }) => rtoSeconds));
  const bounded = cases.flatMap(({ rpoSeconds }) => rpoSeconds ?? []);
  const most = worst(bounded);
  const isProvisional = cases.some((each) => each.isProvisional);
  const isMore = bounded.some((seconds) => seconds > sold.rpoSeconds);
  const isOpen = isProvisional || bounded.length < cases.length;
  const lossKept = isMore ? "broken" : isOpen ? "not-shown" : "kept";
  return [
    {
      ...{ promise: rto, sold: inSeconds(sold.rtoSeconds), measured: inSecondsOrNot(slowest) },
      status: slowest === null ? "no-case" : keptIf(slowest <= sold.rtoSeconds),
      evidence,
    },
    {
      ...{ promise: rpo, sold: inSeconds(sold.rpoSeconds), measured: inSecondsOrNot(most) },
      status: cases.length === 0 ? "no-case" : lossKept,
      ...(isProvisional && { isProvisional: true as const }),
      evidence,
    },
  ];
}

const worst = (seconds: readonly number[]) => (seconds.length === 0 ? null : Math.max(...seconds));
const inSeconds = (seconds: number): Amount => ({ unit: "seconds", seconds });
const inSecondsOrNot = (seconds: number | null) => (seconds === null ? null : inSeconds(seconds));
