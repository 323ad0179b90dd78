/**
 * Like `Promise.all(items.map(work))` with at most `limit` under way; order is kept. After a failure nothing more is begun, and the first one
 * rejects once nothing is under way any more: whoever takes back what was done has the last word.
 */
export async function inLanes<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item, index);
      } catch (cause) {
        failures.push(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** The same for what comes by and by: with at most `limit` of it under way no more is asked for. */
export async function streamInLanes<T>(
  limit: number,
  items: AsyncGenerator<T> | Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const shared = Symbol.iterator in items ? once(items) : items;
  const lane = async () => {
    // A lane that fails ends the generator, and with it the others.
    for await (const item of shared) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, lane));
}

/**
 * What `work` makes of each item, in their order: at most `limit` of it is under way, or waits to be taken. The first failure
 * rejects where its turn is.
 */
export async function* aheadInLanes<T, R>(
  limit: number,
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const ahead: Promise<R>[] = [];
  for (const item of items) {
    const one = work(item);
    // Whoever has stopped taking hears of no failure any more.
    one.catch(() => {});
    ahead.push(one);
    if (ahead.length < limit) continue;
    const [next] = ahead.splice(0, 1);
    if (next) yield await next;
  }
  for (const next of ahead) yield await next;
}

/** Lets at most `limit` through at once, whoever asks; the others wait in the order in which they came. */
export function gate(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => void waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** One place in it, whoever asks. */
function* once<T>(items: Iterable<T>): Generator<T> {
  yield* items;
}
