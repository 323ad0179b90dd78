// One batch by the handler that is deployed; tells its parent what it took. Runs bundled, as on Lambda.
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { ProbeAnswer, ProbeRequest } from "../../functions/probe/contract.ts";
import { handler } from "../../functions/probe/probe.handler.ts";

export interface Batch {
  readonly url: string;
  readonly targets: number;
  readonly caPem: string;
}

export interface Taken {
  readonly good: number;
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly slowestLookMs: number;
  readonly rssMb: number;
}

process.once("message", async ({ url, targets, caPem }: Batch) => {
  setDefaultCACertificates([...getCACertificates("default"), caPem]);
  const request: ProbeRequest = {
    targets: Array.from({ length: targets }, (_, n) => ({ id: `i${n}`, url })),
    controls: [url],
    connectSeconds: 3,
    answerSeconds: 5,
  };
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const answer = (await handler(request, {} as never)) as ProbeAnswer;
  const tookMs = Math.round(performance.now() - began);
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({
    good: answer.results.filter(({ good }) => good).length,
    tookMs,
    cpuMs: Math.round((user + system) / 1000),
    slowestLookMs: Math.max(...answer.results.map((it) => it.tookMs)),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  } satisfies Taken);
});
