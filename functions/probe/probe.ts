import { inLanes } from "../kernel/lanes.ts";
import type { ProbeAnswer, ProbeRequest } from "./contract.ts";
import { judge } from "./judge.ts";
import type { Prober } from "./prober.ts";

/** Looks under way at once: more cost memory and slow every handshake, fewer make silent targets queue. */
export const AT_ONCE = 150;

/**
 * Looks at every target once, and at the control targets beside them. A vantage of which no control
 * gives any answer is blind; without controls none is.
 */
export async function probe(
  request: ProbeRequest,
  vantage: string,
  prober: Prober,
): Promise<ProbeAnswer> {
  const [answering, results] = await Promise.all([
    Promise.all(request.controls.map(async (url) => prober.look(url, request))),
    inLanes(AT_ONCE, request.targets, async (target) =>
      judge(target, await prober.look(target.url, request)),
    ),
  ]);
  const blind = answering.length > 0 && answering.every(({ kind }) => kind === "failed");
  return { vantage, blind, results };
}
