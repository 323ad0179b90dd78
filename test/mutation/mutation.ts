/** A rule of the product switched off, and the scenario that has to notice. */
export interface Mutation {
  /** What the product does without the rule, in words. */
  readonly name: string;
  /** Path from the root of the project. */
  readonly file: string;
  /** Source text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly scenario: Scenario;
}

export interface Scenario {
  /** Below test/scenarios, without `.test.ts`. */
  readonly file: string;
  /** As reported, without the titles around it. */
  readonly title: string;
}

/** The source without the rule. Text that occurs never or twice is a mistake in the table. */
export function mutated(source: string, { name, file, find, replace }: Mutation): string {
  const times = source.split(find).length - 1;
  if (times === 1) return source.replace(find, () => replace);
  throw new Error(
    `${name}: the text to replace occurs ${times} times in ${file}, once is expected: ${find}`,
  );
}
