/** More e-mails than this to one endpoint in a second, and AWS suspends the subscription. */
const MOST_PER_WINDOW = 10;

/** Counts e-mails by endpoint over a sliding window. */
export class EmailLimit {
  readonly #windowMs: number;
  readonly #sentAt = new Map<string, readonly number[]>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Notes one more e-mail at `now`; false when it is one too many. */
  admits(endpoint: string, now: number): boolean {
    const recent = (this.#sentAt.get(endpoint) ?? []).filter((at) => at > now - this.#windowMs);
    this.#sentAt.set(endpoint, [...recent, now]);
    return recent.length < MOST_PER_WINDOW;
  }
}
