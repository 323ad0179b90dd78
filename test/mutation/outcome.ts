import type { Scenario } from "./mutation.ts";

/**
 * What became of a scenario. `broken`: it did not run, or failed for another reason than an expectation of
 * its own, which says nothing about the rule.
 */
export type Outcome =
  | { readonly kind: "green" }
  | { readonly kind: "red"; readonly because: string }
  | { readonly kind: "broken"; readonly because: string };

/** The parts of vitest's JSON report that are read here. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly Ran[];
  }[];
}

interface Ran {
  readonly title: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

/** The outcome of the one test with this title in this file. */
export function outcomeOf({ testResults }: Report, { file, title }: Scenario): Outcome {
  const files = testResults.filter(({ name }) => name.endsWith(`/${file}.test.ts`));
  const ran = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter((each) => each.title === title && each.status !== "skipped");
  const [only, ...others] = ran;
  if (!only || others.length > 0) {
    const said = files.find(({ message }) => message)?.message;
    return broken(said ?? `${ran.length} tests of this name ran in ${file}, one is expected`);
  }
  if (only.status === "passed") return { kind: "green" };
  const [because = "it does not say why"] = only.failureMessages ?? [];
  return isExpectation(because) ? { kind: "red", because } : broken(because);
}

export const broken = (because: string): Outcome => ({ kind: "broken", because });

/** An expectation that does not hold, or a law with a counterexample. */
const isExpectation = (message: string) =>
  message.startsWith("AssertionError") || message.includes("Property failed after");
