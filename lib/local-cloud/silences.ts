const EVERYWHERE = "*";

/** APIs that hang: of a service in one region, or in all of them. What they run goes on. */
export class Silences {
  readonly #silent = new Set<string>();

  begin(service: string, region = EVERYWHERE): void {
    this.#silent.add(`${service} ${region}`);
  }

  /** Answers again; whoever asked meanwhile gets no answer any more. */
  end(service: string, region = EVERYWHERE): void {
    this.#silent.delete(`${service} ${region}`);
  }

  covers(service: string, region: string): boolean {
    return [EVERYWHERE, region].some((where) => this.#silent.has(`${service} ${where}`));
  }
}
