/** Places at which work waits for as long as somebody holds it there. */
export class Holds {
  readonly #held = new Map<string, PromiseWithResolvers<void>>();

  hold(place: string): void {
    if (this.#held.has(place)) return;
    const gate = Promise.withResolvers<void>();
    // Whoever waits is told; often nobody does.
    gate.promise.catch(() => {});
    this.#held.set(place, gate);
  }

  release(place: string): void {
    this.#held.get(place)?.resolve();
    this.#held.delete(place);
  }

  /** Resolves when nothing holds it there any more. @throws whatever `gone` was aborted with */
  async passed(place: string, gone: AbortSignal): Promise<void> {
    const given = Promise.withResolvers<never>();
    const giveUp = () => given.reject(gone.reason);
    gone.addEventListener("abort", giveUp, { once: true });
    try {
      for (let gate = this.#held.get(place); gate; gate = this.#held.get(place)) {
        gone.throwIfAborted();
        await Promise.race([gate.promise, given.promise]);
      }
    } finally {
      gone.removeEventListener("abort", giveUp);
    }
  }

  /** What waits fails: nobody will release it any more. */
  close(): void {
    for (const [place, gate] of this.#held) gate.reject(new Error(`held at ${place} to the end`));
  }
}
