import type { Json } from "./definition.ts";
import type { Scope } from "./run.ts";

type Job = (index: number, signal: AbortSignal) => Promise<Json>;

/** Runs `count` jobs, at most `width` at once; the first failure stops the rest and is thrown. */
export async function together(
  count: number,
  width: number,
  { signal }: Pick<Scope, "signal">,
  job: Job,
): Promise<Json[]> {
  const siblings = new AbortController();
  const both = AbortSignal.any([signal, siblings.signal]);
  const results = new Array<Json>(count);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      results[index] = await job(index, both);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
    return results;
  } finally {
    siblings.abort();
  }
}
