import type { SqlTarget } from "../../functions/sql/contract.ts";
import type { Servers, Session } from "../../functions/sql/server.ts";

type Rows = readonly object[];

/** Servers that answer every statement the same way, by instance; an error is thrown. */
export class ScriptedServers implements Servers {
  /** The most sessions that were open at once. */
  peak = 0;
  readonly #script: (instance: string, text: string) => Rows | Error;
  #open = 0;

  constructor(script: (instance: string, text: string) => Rows | Error) {
    this.#script = script;
  }

  async use<T>({ instance }: SqlTarget, work: (session: Session) => Promise<T>): Promise<T> {
    this.#open += 1;
    this.peak = Math.max(this.peak, this.#open);
    try {
      return await work({
        query: async <Row>(text: string) => {
          await new Promise(setImmediate);
          const answer = this.#script(instance, text);
          if (answer instanceof Error) throw answer;
          return answer as unknown as readonly Row[];
        },
      });
    } finally {
      this.#open -= 1;
    }
  }
}
