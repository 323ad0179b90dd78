import { Workshop } from "./workshop.ts";

/** A few workshops for many jobs: a job waits until one is free. */
export class Workshops {
  readonly #all: readonly Workshop[];
  readonly #free: Workshop[];
  readonly #waiting: ((free: Workshop) => void)[] = [];

  private constructor(all: readonly Workshop[]) {
    this.#all = all;
    this.#free = [...all];
  }

  static async open(count: number): Promise<Workshops> {
    return new Workshops(await Promise.all(Array.from({ length: count }, () => Workshop.open())));
  }

  async use<T>(work: (workshop: Workshop) => Promise<T>): Promise<T> {
    const workshop = this.#free.pop() ?? (await this.#next());
    try {
      return await work(workshop);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(workshop);
      else this.#free.push(workshop);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((workshop) => workshop.close()));
  }

  #next(): Promise<Workshop> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
