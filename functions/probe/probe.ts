import { inLanes } from "../kernel/lanes.ts";
import type { ProbeAnswer, ProbeRequest } from "./contract.ts";
import { judge } from "./judge.ts";
import type { Handshakes, Look, Prober } from "./prober.ts";

/** Looks under way at once: more cost memory and slow every handshake, fewer make silent targets queue. */
export const AT_ONCE = 150;

/**
 * Looks at every target once, and at the control targets as soon as one is bad. A vantage of which no
 * control gives any answer then is blind; one that finds everything good can see, whatever became of its
 * controls, and need not trouble them at every look.
 */
export async function probe(
  request: ProbeRequest,
  vantage: string,
  prober: Prober,
  handshakes: Handshakes,
): Promise<ProbeAnswer> {
  let controls: Promise<readonly Look[]> | undefined;
  const results = await inLanes(AT_ONCE, request.targets, async (target) => {
    const [look, tls] = await Promise.all([
      prober.look(target.url, request),
      target.tls && handshakes.look(target.url, request),
    ]);
    const result = judge(target, look);
    if (!result.good) {
      controls ??= Promise.all(request.controls.map(async (url) => prober.look(url, request)));
    }
    return tls ? { ...result, tls } : result;
  });
  const answering = (await controls) ?? [];
  const blind = answering.length > 0 && answering.every(({ kind }) => kind === "failed");
  return { vantage, blind, results };
}
