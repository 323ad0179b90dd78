/** What somebody was asked for: it is there, it is not, or nobody said. */
export type Asked<T> =
  | { readonly state: "there"; readonly it: T }
  | { readonly state: "missing" }
  | { readonly state: "silent"; readonly why: string };

export type CheckKind =
  | "subnet-group"
  | "parameter-group"
  | "parameter-family"
  | "parameter-values"
  | "standby-backups"
  | "subnets"
  | "security-group"
  | "security-group-rules"
  | "quarantine-group"
  | "stop-check"
  | "key"
  | "secret"
  | "secret-copy";

/** One thing that a recovery relies on, judged. Told apart by kind and what it is about. */
export interface Check {
  readonly kind: CheckKind;
  readonly about: string;
  readonly outcome:
    | { readonly is: "good" }
    | { readonly is: "lacking"; readonly detail: string }
    /** `region` said nothing: what was known of it before holds. */
    | { readonly is: "unknown"; readonly region: string; readonly why: string };
}

export const GOOD: Check["outcome"] = { is: "good" };
export const lacking = (detail: string): Check["outcome"] => ({ is: "lacking", detail });

/** Good unless there are problems; all of them in one line. */
const unless = (problems: readonly string[]): Check["outcome"] =>
  problems.length === 0 ? GOOD : lacking(problems.join("; "));

/** Of what was asked for: nobody said, not there, or what is wrong with it. */
export function outcomeOf<T>(
  asked: Asked<T>,
  region: string,
  problemsOf: (it: T) => readonly string[],
): Check["outcome"] {
  if (asked.state === "silent") return { is: "unknown", region, why: asked.why };
  if (asked.state === "missing") return lacking("it is not there");
  return unless(problemsOf(asked.it));
}
