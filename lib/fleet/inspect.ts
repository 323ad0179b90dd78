import type { Fleet } from "../sla/fleet.ts";
import { parseSource, type Source } from "./document.ts";
import { type Draft, draftOf } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import { type Problem, pathText } from "./problem.ts";
import { RULES } from "./rules.ts";

export interface Inspection {
  /** Present if nothing is wrong with the input, even where promises cannot be kept. */
  readonly fleet?: Fleet;
  /** Presets and all plans that are written down, also those nobody was sold yet. */
  readonly plans: Fleet["plans"];
  /** In the file's order. */
  readonly problems: readonly Problem[];
}

/** Everything that is wrong inside a fleet file. Throws FleetError only if it is no YAML at all. */
export function inspectFleet(input: string | Uint8Array, fileName: string): Inspection {
  const source = parseSource(input, fileName);
  const { draft, mistakes } = draftOf(source.value);
  const all = [...mistakes, ...RULES.flatMap((rule) => rule(draft))];
  const problems = all
    .map((mistake) => located(mistake, source))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  const sound = problems.every(({ kind }) => kind === "promise");
  const fleet = sound ? complete(draft) : undefined;
  return { problems, plans: draft.plans, ...(fleet && { fleet }) };
}

function located({ path, message, atKey, kind = "input" }: Mistake, source: Source): Problem {
  const place = atKey ? source.placeOfKey(path) : source.placeOf(path);
  return { ...place, path: pathText(path), message, kind };
}

function complete(draft: Draft): Fleet | undefined {
  const { provider, vantages, control, controlTargets, sites, frozen, customers, status, reports } =
    draft;
  if (!provider || !vantages || !control || !controlTargets || !sites) return undefined;
  const instances = draft.instances.map(({ instance }) => instance);
  const used = new Set(instances.map(({ plan }) => plan));
  const plans = Object.fromEntries(Object.entries(draft.plans).filter(([name]) => used.has(name)));
  const fleet = { provider, vantages, control, controlTargets, sites, plans, instances };
  return {
    ...fleet,
    ...(frozen && { frozen }),
    ...(customers && { customers }),
    ...(status && { status }),
    ...(reports && { reports }),
  };
}
