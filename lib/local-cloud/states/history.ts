import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** The last event of one chain of states: the next one names it as its predecessor. */
export interface Thread {
  last: number;
}

type Details = Omit<HistoryEvent, "id" | "previousEventId" | "timestamp" | "type">;

/** The events of one execution, in the shape of GetExecutionHistory. */
export class History {
  readonly #events: HistoryEvent[] = [];
  readonly #tell: (event: HistoryEvent) => void;

  constructor(tell: (event: HistoryEvent) => void) {
    this.#tell = tell;
  }

  record(thread: Thread, type: NonNullable<HistoryEvent["type"]>, details: Details = {}): void {
    const id = this.#events.length + 1;
    const event = { id, previousEventId: thread.last, timestamp: new Date(), type, ...details };
    this.#events.push(event);
    thread.last = id;
    this.#tell(event);
  }

  all(): readonly HistoryEvent[] {
    return this.#events;
  }
}

export const text = (value: unknown): string => JSON.stringify(value);
export const whole = { truncated: false } as const;
