import { isDeepStrictEqual } from "node:util";
import type { Change, ChangeAction } from "@aws-sdk/client-cloudformation";
import { holds, type Names } from "../intrinsics.ts";
import { dependenciesOf } from "../order.ts";
import type { Resource } from "../template.ts";
import type { Draft, Held } from "./record.ts";

/**
 * What a draft does to the resources a stack has, as far as that can be told before anything is done. What a
 * resource's new attributes change in others shows only then.
 */
export function changesBetween(
  held: ReadonlyMap<string, Held>,
  before: Draft | undefined,
  names: Names,
  after: Draft,
): readonly Change[] {
  const wanted = Object.entries(after.template.Resources ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || holds(Condition, names),
  );
  const changed = changedParameters(before, after);
  const ids = new Set(wanted.map(([id]) => id));
  return [
    ...wanted.flatMap(([id, resource]) => {
      const had = held.get(id);
      if (!had) return [change("Add", id, resource)];
      const same = isDeepStrictEqual(had.definition, resource) && !namesOne(resource, changed);
      return same ? [] : [change("Modify", id, resource, had)];
    }),
    ...[...held.values()]
      .filter(({ logicalId }) => !ids.has(logicalId))
      .map((had) => change("Remove", had.logicalId, had.definition, had)),
  ];
}

/** Whether nothing would be done: no resource differs, nor what the template says of outputs. */
export function isUnchanged(
  changes: readonly Change[],
  before: Draft | undefined,
  after: Draft,
): boolean {
  return (
    changes.length === 0 &&
    before !== undefined &&
    isDeepStrictEqual(before.template.Outputs, after.template.Outputs) &&
    isDeepStrictEqual(before.tags, after.tags)
  );
}

function changedParameters(before: Draft | undefined, after: Draft): ReadonlySet<string> {
  const names = [...after.parameters].filter(
    ([name, { value }]) => !isDeepStrictEqual(before?.parameters.get(name)?.value, value),
  );
  return new Set(names.map(([name]) => name));
}

/** By name, or by a condition, of which anything may depend on them. */
const namesOne = (resource: Resource, names: ReadonlySet<string>): boolean =>
  names.size > 0 &&
  (dependenciesOf(resource).some((name) => names.has(name)) ||
    JSON.stringify(resource).includes('"Fn::If"'));

const change = (Action: ChangeAction, id: string, { Type }: Resource, had?: Held): Change => ({
  Type: "Resource",
  ResourceChange: {
    ...{ Action, LogicalResourceId: id, ResourceType: Type },
    ...(had && { PhysicalResourceId: had.created.ref }),
    ...(Action === "Modify" && { Replacement: "Conditional", Scope: ["Properties"] }),
  },
});
