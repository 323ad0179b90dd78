import type { Path } from "./problem.ts";

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at a path of plain data; undefined where the path ends early. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, root);
}

/** A copy without the key or the whole array an offending element is in. */
export function without(root: unknown, path: Path): unknown {
  const cut = path.findIndex((step) => typeof step === "number");
  const [step, ...rest] = cut === -1 ? path : path.slice(0, cut);
  if (step === undefined || !isRecord(root)) return undefined;
  const entries = Object.entries(root).flatMap(([key, value]) => {
    if (key !== step) return [[key, value]];
    const kept = rest.length === 0 ? undefined : without(value, rest);
    return kept === undefined ? [] : [[key, kept]];
  });
  return Object.fromEntries(entries);
}

/** `over` laid over `base`, records key by key; `null` takes a key away, everything else replaces. */
export function merged(base: unknown, over: unknown): unknown {
  if (!isRecord(over)) return over;
  const result: Record<string, unknown> = isRecord(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete result[key];
    else result[key] = merged(Object.hasOwn(result, key) ? result[key] : undefined, value);
  }
  return result;
}
