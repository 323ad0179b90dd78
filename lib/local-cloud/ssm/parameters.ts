/** A text of Parameter Store. */
export interface Stored {
  readonly value: string;
  readonly type: string;
  readonly version: number;
  readonly at: Date;
}

/** Whose: names are one account's in one region. */
export interface Owner {
  readonly account: string;
  readonly region: string;
}

/** Parameters of all accounts and regions. */
export class Parameters {
  readonly #stored = new Map<string, Stored>();

  get(owner: Owner, name: string): Stored | undefined {
    return this.#stored.get(keyOf(owner, name));
  }

  put(owner: Owner, name: string, value: string, type = "String"): Stored {
    const version = (this.get(owner, name)?.version ?? 0) + 1;
    const stored = { value, type, version, at: new Date() };
    this.#stored.set(keyOf(owner, name), stored);
    return stored;
  }

  /** Whether it was there. */
  remove(owner: Owner, name: string): boolean {
    return this.#stored.delete(keyOf(owner, name));
  }
}

const keyOf = ({ account, region }: Owner, name: string) => `${account}/${region}/${name}`;
