import { Stopped } from "./failure.ts";

/** setTimeout takes 31 bits of milliseconds; a Step Functions wait may last a year. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Rejects with `Stopped` as soon as the signal fires. */
export function waitMs(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.reject(new Stopped());
  const end = Date.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = () => {
    const left = end - Date.now();
    timer = setTimeout(left > LONGEST_TIMER_MS ? arm : finish, Math.min(left, LONGEST_TIMER_MS));
  };
  const stop = () => {
    clearTimeout(timer);
    reject(new Stopped());
  };
  const finish = () => {
    signal.removeEventListener("abort", stop);
    resolve();
  };
  signal.addEventListener("abort", stop, { once: true });
  arm();
  return promise;
}

/** The promise, unless the signal fires first: then `Stopped`. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw new Stopped();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Stopped());
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
