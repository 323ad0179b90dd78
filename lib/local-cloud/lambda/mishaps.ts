import { AwsError } from "../wire/service.ts";
import type { FunctionSpec } from "./function.ts";

type Named = Pick<FunctionSpec, "region" | "name">;

/** When the process of an invocation is killed: as soon as it has been handed the event, or with its answer in hand. */
export type Moment = "at work" | "when done";

/** Asked before every invocation: whether and when its process dies of it. */
export type Fate = (call: Named & { readonly payload: string }) => Moment | undefined;

/** What befalls invocations instead of an answer. */
export class Mishaps {
  readonly #silent = new Map<string, PromiseWithResolvers<never>>();
  #fate: Fate = () => undefined;

  /** Every invocation of the function hangs from now on. */
  silence(fn: Named): void {
    const key = keyOf(fn);
    if (this.#silent.has(key)) return;
    const hanging = Promise.withResolvers<never>();
    // Nobody may be waiting when it ends.
    hanging.promise.catch(() => undefined);
    this.#silent.set(key, hanging);
  }

  /** The function answers again; what hung has failed. */
  endSilence(fn: Named): void {
    const key = keyOf(fn);
    this.#silent.get(key)?.reject(new AwsError("ServiceException", "It did not answer.", 500));
    this.#silent.delete(key);
  }

  decide(fate: Fate): void {
    this.#fate = fate;
  }

  fateOf(call: Named & { readonly payload: string }): Moment | undefined {
    return this.#fate(call);
  }

  /** Resolves at once unless the function is silent; then it rejects when that ends. */
  async heard(fn: Named): Promise<void> {
    await this.#silent.get(keyOf(fn))?.promise;
  }

  close(): void {
    for (const { reject } of this.#silent.values()) {
      reject(new AwsError("ServiceException", "The cloud is closed.", 500));
    }
    this.#silent.clear();
  }
}

const keyOf = ({ region, name }: Named) => `${region}/${name}`;
