import type { Codec } from "./codecs.ts";
import { type Binding, type Member, membersOf } from "./members.ts";
import type { OperationModel } from "./model.ts";
import type { Route } from "./routes.ts";
import type { WireRequest } from "./speaker.ts";
import { fromText } from "./text-values.ts";

/** Reads path, query, headers and body of a REST request by the schema of the operation's input. */
export async function readRest(
  request: WireRequest,
  codec: Codec,
  { input, route }: OperationModel,
): Promise<Record<string, unknown>> {
  const members = membersOf(input);
  const labels = { ...request.located, ...(route && labelsOf(route, request.path)) };
  const bound = members
    .map((member) => [member.name, READERS[member.binding]?.(member, request, labels)] as const)
    .filter(([, value]) => value !== undefined);
  return { ...(await readBody(request, codec, input, members)), ...Object.fromEntries(bound) };
}

type Reader = (member: Member, request: WireRequest, labels: Labels) => unknown;
type Labels = Readonly<Record<string, string>>;

const READERS: Partial<Record<Binding, Reader>> = {
  label: ({ name, schema }, _request, labels) =>
    labels[name] === undefined ? undefined : fromText(schema, labels[name]),

  query({ schema, key }, { query }) {
    const [first, ...more] = query.getAll(key);
    if (first === undefined) return undefined;
    if (!schema.isListSchema()) return fromText(schema, first);
    return [first, ...more].map((text) => fromText(schema.getValueSchema(), text));
  },

  header({ schema, key }, { headers }) {
    const value = headers[key.toLowerCase()];
    return value === undefined ? undefined : fromText(schema, String(value));
  },

  prefix({ key }, { headers }) {
    const prefix = key.toLowerCase();
    const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
    if (found.length === 0) return undefined;
    return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
  },

  params: (_member, { query }) => Object.fromEntries(query),
};

function labelsOf({ path, labels }: Route, text: string): Labels {
  const found = path.exec(text) ?? [];
  return Object.fromEntries(
    labels.map((label, index) => [label, decodeURIComponent(found[index + 1] ?? "")]),
  );
}

async function readBody(
  request: WireRequest,
  codec: Codec,
  input: OperationModel["input"],
  members: readonly Member[],
): Promise<Record<string, unknown>> {
  const payload = members.find(({ binding }) => binding === "payload");
  if (payload) return { [payload.name]: await readPayload(request, codec, payload) };
  const fields = members.filter(({ binding }) => binding === "body");
  const body = fields.length > 0 ? await request.body() : Buffer.alloc(0);
  if (body.length === 0) return {};
  const read = await codec.decode(input, body);
  return Object.fromEntries(
    fields.flatMap(({ name }) => (read[name] === undefined ? [] : [[name, read[name]]])),
  );
}

/** A streaming payload arrives as a Readable, any other blob as a Buffer. */
async function readPayload(request: WireRequest, codec: Codec, { schema }: Member) {
  if (schema.isStreaming()) return request.stream();
  const body = await request.body();
  if (schema.isBlobSchema()) return body;
  if (schema.isStringSchema()) return body.toString();
  return body.length === 0 ? undefined : codec.decode(schema, body);
}
