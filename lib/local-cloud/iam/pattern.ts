const compiled = new Map<string, RegExp>();

/** Whether a text fits a pattern of IAM: `*` is anything, also nothing, `?` one character. */
export function matches(pattern: string, text: string): boolean {
  if (pattern === "*") return true;
  const known = compiled.get(pattern);
  if (known) return known.test(text);
  const made = new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  );
  compiled.set(pattern, made);
  return made.test(text);
}

/** Actions are compared without regard to case. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matches(pattern.toLowerCase(), action.toLowerCase());

const ARN_PARTS = 6;

/** ArnLike: each of the six parts by itself, so that no `*` reaches beyond a colon but in the last. */
export function matchesArn(pattern: string, arn: string): boolean {
  const [wanted, given] = [partsOf(pattern), partsOf(arn)];
  return (
    given.length === ARN_PARTS && wanted.every((part, index) => matches(part, given[index] ?? ""))
  );
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(":")];
}
