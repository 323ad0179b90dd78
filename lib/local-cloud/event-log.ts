/** One thing that happened in the local cloud. */
export interface CloudEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly region: string;
  /** `rds`, `lambda`, `scheduler`, `states`, `route53`, `sns`, … */
  readonly service: string;
  /** API operation, or a past-tense word for what the service did by itself. */
  readonly operation: string;
  /**
   * X-Ray trace header of the invocation that caused it: `Root=1-…`. A schedule begins one, functions,
   * executions and API calls carry it on, as on AWS.
   */
  readonly trace?: string;
  /** What was asked, what changed, which error; never a secret. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Append-only, in memory, observable. */
export class EventLog {
  readonly #events: CloudEvent[] = [];
  readonly #byOperation = new Map<string, CloudEvent[]>();
  readonly #listeners = new Set<(event: CloudEvent) => void>();

  record(event: Omit<CloudEvent, "at">): void {
    const stamped = { at: Date.now(), ...event };
    this.#events.push(stamped);
    const alike = this.#byOperation.get(stamped.operation);
    if (alike) alike.push(stamped);
    else this.#byOperation.set(stamped.operation, [stamped]);
    for (const tell of this.#listeners) tell(stamped);
  }

  all(): readonly CloudEvent[] {
    return this.#events;
  }

  /** Those of one operation. Who looks again and again looks here: most events are calls and lines of logs. */
  of(operation: string): readonly CloudEvent[] {
    return this.#byOperation.get(operation) ?? [];
  }

  /** Returns the function that stops listening. */
  listen(tell: (event: CloudEvent) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }
}
