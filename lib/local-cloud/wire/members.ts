import { NormalizedSchema } from "@smithy/core/schema";

export type Binding =
  | "label"
  | "query"
  | "header"
  | "prefix"
  | "params"
  | "status"
  | "payload"
  | "body";

export interface Member {
  readonly name: string;
  readonly schema: NormalizedSchema;
  readonly binding: Binding;
  /** Name of the header, prefix or query parameter. */
  readonly key: string;
  readonly required: boolean;
}

const BINDINGS = [
  ["httpLabel", "label"],
  ["httpQuery", "query"],
  ["httpHeader", "header"],
  ["httpPrefixHeaders", "prefix"],
  ["httpQueryParams", "params"],
  ["httpResponseCode", "status"],
  ["httpPayload", "payload"],
] as const;

const known = new WeakMap<NormalizedSchema, readonly Member[]>();

/** Members of a structure with the place each has in an HTTP message; none for a unit. */
export function membersOf(schema: NormalizedSchema): readonly Member[] {
  const before = known.get(schema);
  if (before) return before;
  const members = schema.isStructSchema() ? readMembers(schema) : [];
  known.set(schema, members);
  return members;
}

function readMembers(schema: NormalizedSchema): Member[] {
  // Required members come first; the last element of the schema says how many there are.
  const required = (schema.getSchema() as readonly unknown[])[6] ?? 0;
  return [...schema.structIterator()].map(([name, member], index) => {
    const traits = member.getMergedTraits() as Readonly<Record<string, unknown>>;
    const [trait, binding] = BINDINGS.find(([key]) => traits[key] !== undefined) ?? [name, "body"];
    const key = traits[trait];
    return {
      name,
      schema: member,
      binding,
      key: typeof key === "string" ? key : name,
      required: index < Number(required),
    };
  });
}

/** A structure with the given root name that has only those members of another which pass. */
export function structure(
  name: string,
  from: NormalizedSchema,
  keep: (member: Member) => boolean = () => true,
): NormalizedSchema {
  const [, namespace, , , , schemas] = from.getSchema() as unknown as readonly unknown[];
  const kept = membersOf(from).flatMap((member, index) =>
    keep(member) ? [{ member, index }] : [],
  );
  return NormalizedSchema.of([
    3,
    namespace,
    name,
    0,
    kept.map(({ member }) => member.name),
    kept.map(({ index }) => (schemas as readonly unknown[])[index]),
  ] as never);
}
