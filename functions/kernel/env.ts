import { SlaError } from "./errors.ts";

type Parser<T> = (raw: string) => T;
type Parsed<S> = { readonly [K in keyof S]: S[K] extends Parser<infer T> ? T : never };

export const text: Parser<string> = (raw) => raw;

/** Reads every variable before complaining, so one deploy shows every mistake. */
export function parseEnv<const S extends Record<string, Parser<unknown>>>(
  schema: S,
  source: Readonly<Record<string, string | undefined>>,
): Parsed<S> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, parse] of Object.entries(schema)) {
    const raw = source[name];
    if (raw === undefined || raw === "") {
      problems.push(`${name}: missing`);
      continue;
    }
    try {
      values[name] = parse(raw);
    } catch (cause) {
      problems.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  if (problems.length > 0) {
    throw new SlaError("BadConfig", "operator", `cannot start:\n  ${problems.join("\n  ")}`);
  }
  return values as Parsed<S>;
}
