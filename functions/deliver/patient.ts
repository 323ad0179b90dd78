import { SlaError } from "../kernel/errors.ts";
import type { Depot } from "./ports.ts";

/** A depot that fails with DeliveryTooSlow once the time is over, however silent the place itself is. */
export function patient(depot: Depot, signal: AbortSignal): Depot {
  return {
    list: (beginning) =>
      inTime(depot.list(beginning), signal, () => "what lies there was not said"),
    remove: (name) => inTime(depot.remove(name), signal, () => `${name} was not removed`),
    write(file) {
      let left = 0;
      async function* counted() {
        for await (const chunk of file.content) {
          yield chunk;
          left += chunk.length;
        }
      }
      const written = depot.write({ ...file, content: counted() });
      return inTime(
        written,
        signal,
        () => `${left} of ${file.bytes} bytes of ${file.name} had left`,
      );
    },
    close: () => depot.close(),
  };
}

/** Rejects with DeliveryTooSlow, and how far it had come, once nobody may wait any more. */
export function inTime<T>(work: Promise<T>, signal: AbortSignal, how: () => string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const end = () => {
    const said = `${how()} when the time of the function was over`;
    reject(new SlaError("DeliveryTooSlow", "operator", said));
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return Promise.race([work, late]).finally(() => signal.removeEventListener("abort", end));
}
