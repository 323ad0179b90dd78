import { isDeepStrictEqual } from "node:util";
import { holds, type Names, resolve } from "../intrinsics.ts";
import { creatorOf } from "../kinds/all.ts";
import { creationOrder } from "../order.ts";
import { AssemblyRefused, messageOf } from "../refusal.ts";
import type { Properties, Resource } from "../template.ts";
import { Journal } from "./journal.ts";
import { namesOf, outputsOf } from "./names.ts";
import type { Draft, Held } from "./record.ts";
import { cleanUp, rollBackCreation, rollBackUpdate, type Step } from "./rollback.ts";
import { type Bench, creationOf } from "./workshop.ts";

export interface Deployment {
  readonly draft: Draft;
  readonly kind: "CREATE" | "UPDATE";
  readonly takesOver: boolean;
  /** Whether a failure leaves things as they are. */
  readonly keepsFailed: boolean;
}

/** Creates or changes a stack's resources one after the other. Never throws: events say what became of it. */
export async function deploy(bench: Bench, deployment: Deployment): Promise<void> {
  const { stack } = bench;
  const { draft, kind } = deployment;
  const journal = new Journal(stack);
  const steps: Step[] = [];
  journal.stack(`${kind}_IN_PROGRESS`, "User Initiated");
  try {
    const wanted = await buildAll(bench, journal, draft, steps);
    stack.outputs = outputsOf(namesOf(stack, draft));
    if (kind === "UPDATE") journal.stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    await cleanUp(bench, journal, wanted, steps);
    for (const [id, definition] of wanted) {
      stack.held.set(id, { ...(stack.held.get(id) as Held), definition });
    }
    stack.draft = draft;
    journal.stack(`${kind}_COMPLETE`);
    bench.afterwards();
  } catch (cause) {
    await fail(bench, journal, deployment, { steps, reason: messageOf(cause) });
  }
}

async function fail(
  bench: Bench,
  journal: Journal,
  { draft, kind, keepsFailed }: Deployment,
  { steps, reason }: { readonly steps: readonly Step[]; readonly reason: string },
): Promise<void> {
  if (kind === "CREATE") bench.stack.draft = draft;
  if (keepsFailed) journal.stack(`${kind}_FAILED`, reason);
  else if (kind === "CREATE") await rollBackCreation(bench, journal, reason);
  else await rollBackUpdate(bench, journal, steps, reason);
}

/** Returns what the draft has, by logical id. */
async function buildAll(bench: Bench, journal: Journal, draft: Draft, steps: Step[]) {
  const wanted = new Map<string, Resource>();
  for (const id of creationOrder(draft.template)) {
    const definition = draft.template.Resources?.[id] as Resource;
    const names = namesOf(bench.stack, draft);
    if (definition.Condition !== undefined && !holds(definition.Condition, names)) continue;
    wanted.set(id, definition);
    const properties = resolved(journal, id, definition, names);
    const before = bench.stack.held.get(id);
    if (before && isSame(before, definition, properties)) continue;
    // What fails halfway has to be taken back as well.
    const place = before ? steps.push({ before, after: before }) - 1 : steps.length;
    steps[place] = {
      before,
      after: await build(bench, journal, { id, definition, properties, before }),
    };
  }
  return wanted;
}

function resolved(
  journal: Journal,
  logicalId: string,
  { Type: type, Properties: given = {} }: Resource,
  names: Names,
) {
  try {
    return resolve(given, names) as Properties;
  } catch (cause) {
    throw failed(
      journal,
      { logicalId, type, verb: names.created.has(logicalId) ? "UPDATE" : "CREATE" },
      cause,
    );
  }
}

const isSame = (
  { definition: { Type }, properties: had }: Held,
  definition: Resource,
  properties: Properties,
) => Type === definition.Type && isDeepStrictEqual(had, properties);

interface Wish {
  readonly id: string;
  readonly definition: Resource;
  readonly properties: Properties;
  readonly before: Held | undefined;
}

async function build(
  bench: Bench,
  journal: Journal,
  { id, definition, properties, before }: Wish,
): Promise<Held> {
  const verb = before ? "UPDATE" : "CREATE";
  const about = { logicalId: id, type: definition.Type };
  journal.resource(`${verb}_IN_PROGRESS`, { ...about, physicalId: before?.created.ref });
  try {
    if (before && before.definition.Type !== definition.Type) {
      throw new AssemblyRefused(
        `Update of resource type is not permitted; the new template modifies resource type of ${id}`,
      );
    }
    const creation = creationOf(bench, id, definition, properties, before);
    const created = await creatorOf(definition.Type)(creation);
    journal.resource(`${verb}_COMPLETE`, { ...about, physicalId: created.ref });
    const after = { logicalId: id, definition, properties, created, at: new Date() };
    bench.stack.held.set(id, after);
    return after;
  } catch (cause) {
    throw failed(journal, { ...about, verb }, cause);
  }
}

function failed(
  journal: Journal,
  {
    logicalId,
    type,
    verb,
  }: { readonly logicalId: string; readonly type: string; readonly verb: "CREATE" | "UPDATE" },
  cause: unknown,
): AssemblyRefused {
  journal.resource(`${verb}_FAILED`, { logicalId, type, reason: `${messageOf(cause)} (${type})` });
  return new AssemblyRefused(
    `The following resource(s) failed to ${verb.toLowerCase()}: [${logicalId}].`,
  );
}
