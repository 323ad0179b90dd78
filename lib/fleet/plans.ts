import type { Plan } from "../sla/plan.ts";
import { PRESETS } from "../sla/presets.ts";
import { didYouMean, type Mistake } from "./mistake.ts";
import { planSchema } from "./plan-schema.ts";
import { salvage, shapeMistakes } from "./shape.ts";
import { isRecord, merged, valueAt } from "./values.ts";

export interface Plans {
  /** Presets and custom plans that could be completed, by name. */
  readonly plans: Readonly<Record<string, Plan>>;
  /** Names that were written down, complete or not. */
  readonly names: readonly string[];
  readonly mistakes: readonly Mistake[];
}

type Written = Readonly<Record<string, unknown>>;

/** Completes the plans of a fleet file from what they extend. */
export function resolvePlans(raw: unknown): Plans {
  const written: Written = isRecord(raw) ? raw : {};
  const custom = Object.entries(written).flatMap(([name, part]) =>
    isRecord(part) ? [resolveOne(name, written)] : [],
  );
  return {
    plans: {
      ...PRESETS,
      ...Object.fromEntries(custom.flatMap(({ plan }) => (plan ? [plan] : []))),
    },
    names: [...Object.keys(PRESETS), ...Object.keys(written)],
    mistakes: custom.flatMap(({ mistakes }) => mistakes),
  };
}

interface Resolved {
  readonly plan?: readonly [string, Plan];
  readonly mistakes: readonly Mistake[];
}

function resolveOne(name: string, written: Written): Resolved {
  const path = ["plans", name];
  if (Object.hasOwn(PRESETS, name)) {
    const message = "is the name of a preset: choose another and say 'extends'";
    return { mistakes: [{ path, message, atKey: true }] };
  }
  const chain = chainOf(name, written);
  if (typeof chain === "string") {
    return { mistakes: [{ path: [...path, "extends"], message: chain }] };
  }
  const complete = chain.reduce<unknown>((base, part) => merged(base, promisesOf(part)), {});
  const mistakes = shapeMistakes(planSchema, complete, path).filter(
    (mistake) => chain.length === 1 || isOwn(written[name], mistake, complete),
  );
  const plan = salvage(planSchema, complete)?.value;
  return plan ? { plan: [name, { name, ...plan }], mistakes } : { mistakes };
}

/** The plan's ancestors, the farthest first, itself last; or why there is no such line. */
function chainOf(name: string, written: Written): readonly unknown[] | string {
  const chain: unknown[] = [];
  const seen = new Set<string>();
  let current: string | undefined = name;
  while (current !== undefined) {
    if (seen.has(current)) return `goes in a circle: ${[...seen, current].join(" → ")}`;
    seen.add(current);
    const part: unknown = partOf(current, written);
    if (part === undefined) {
      const known = [...Object.keys(PRESETS), ...Object.keys(written)];
      return `'${current}' is no plan${didYouMean(current, known) || `; known are ${known.join(", ")}`}`;
    }
    chain.unshift(part);
    current = parentOf(part);
  }
  return chain;
}

function partOf(name: string, written: Written): unknown {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  return preset ? unnamed(preset) : Object.hasOwn(written, name) ? written[name] : undefined;
}

function unnamed({ name: _, ...promises }: Plan): unknown {
  return promises;
}

const parentOf = (part: unknown) =>
  isRecord(part) && typeof part["extends"] === "string" ? part["extends"] : undefined;

function promisesOf(part: unknown): unknown {
  if (!isRecord(part)) return {};
  const { extends: _, ...promises } = part;
  return promises;
}

/** An inherited mistake is told where it was made, not once more for every heir. */
function isOwn(own: unknown, { path }: Mistake, complete: unknown): boolean {
  const below = path.slice(2);
  if (valueAt(own, below) !== undefined) return true;
  const isMissing = below.length > 1 && valueAt(complete, below) === undefined;
  return isMissing && valueAt(own, below.slice(0, -1)) !== undefined;
}
