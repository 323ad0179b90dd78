import { Readable } from "node:stream";
import { type Codec, REST_JSON, xml } from "./codecs.ts";
import { type Member, membersOf, structure } from "./members.ts";
import type { OperationModel, ServiceModel } from "./model.ts";
import { readRest } from "./rest-input.ts";
import { byWeight, findRoute, type Route } from "./routes.ts";
import { failureDocument, failureHeaders } from "./speak-rpc.ts";
import type { Answer, Speaker } from "./speaker.ts";
import { toText } from "./text-values.ts";
import { failureXml } from "./xml-failure.ts";

/** A restXml service that answers errors without the `ErrorResponse` around them. */
const BARE_ERRORS = "com.amazonaws.s3";

export const REST_XML: Speaker = {
  ...rest((service) => xml(service.xmlNamespace), "application/xml"),
  fail(failure, { namespace, xmlNamespace }, requestId) {
    const error = failureXml(failure);
    const id = `<RequestId>${requestId}</RequestId>`;
    const body =
      namespace === BARE_ERRORS
        ? error.replace("</Error>", `${id}</Error>`)
        : `<ErrorResponse xmlns="${xmlNamespace}">${error}${id}</ErrorResponse>`;
    const headers = { "content-type": "application/xml", ...failure.headers };
    return { status: failure.status, headers, body };
  },
};

export const REST_JSON_1: Speaker = {
  ...rest(() => REST_JSON, "application/json"),
  fail: (failure, service) => ({
    status: failure.status,
    headers: { "content-type": "application/json", ...failureHeaders(failure, service) },
    body: JSON.stringify(failureDocument(failure, service)),
  }),
};

function rest(codecOf: (service: ServiceModel) => Codec, contentType: string) {
  return {
    operation: async (request, service) => findRoute(routesOf(service), request)?.operation,

    read: (request, service, operation) => readRest(request, codecOf(service), operation),

    write(output, service, operation) {
      const members = membersOf(operation.output);
      const status = members.find(({ binding }) => binding === "status");
      const { type, body } = bodyOf(output, operation, codecOf(service), contentType);
      return {
        status: Number(output["$status"] ?? output[status?.name ?? ""] ?? operation.route?.status),
        headers: { ...(type && { "content-type": type }), ...headersOf(members, output) },
        body,
      };
    },
  } satisfies Partial<Speaker>;
}

const routes = new WeakMap<ServiceModel, readonly Route[]>();

function routesOf(service: ServiceModel): readonly Route[] {
  const known =
    routes.get(service) ??
    byWeight([...service.operations.values()].flatMap(({ route }) => route ?? []));
  routes.set(service, known);
  return known;
}

type Output = Readonly<Record<string, unknown>>;

function headersOf(members: readonly Member[], output: Output): Record<string, string> {
  const pairs = members.flatMap(({ name, schema, binding, key }): [string, string][] => {
    const value = output[name];
    if (value === undefined || value === null) return [];
    if (binding === "header") return [[key.toLowerCase(), toText(schema, value)]];
    if (binding !== "prefix") return [];
    return Object.entries(value).map(([suffix, text]) => [key + suffix, String(text)]);
  });
  return Object.fromEntries(pairs);
}

interface Body {
  readonly type?: string;
  readonly body: Answer["body"];
}

function bodyOf(output: Output, operation: OperationModel, codec: Codec, type: string): Body {
  const payload = membersOf(operation.output).find(({ binding }) => binding === "payload");
  if (payload) return payloadOf(payload, output[payload.name], codec, type);
  const shape = bodyShapeOf(operation);
  return shape ? { type, body: unwrapped(shape, codec.encode(shape, output)) } : { body: "" };
}

/** A root whose one member has its own name stands for that member: S3's `<LocationConstraint>`. */
function unwrapped(shape: ReturnType<typeof structure>, encoded: string | Uint8Array) {
  const [only, ...more] = membersOf(shape);
  const name = shape.getName() ?? "";
  if (typeof encoded !== "string" || more.length > 0 || only?.name !== name) return encoded;
  return encoded.replace(`<${name}>`, "").replace(`</${name}></${name}>`, `</${name}>`);
}

function payloadOf({ schema }: Member, value: unknown, codec: Codec, type: string): Body {
  if (value === undefined || value === null) return { body: "" };
  if (typeof value === "string" || value instanceof Uint8Array || value instanceof Readable)
    return { body: value };
  return { type, body: codec.encode(schema, value) };
}

const bodyShapes = new WeakMap<OperationModel, ReturnType<typeof structure> | "none">();

function bodyShapeOf(operation: OperationModel) {
  const known = bodyShapes.get(operation) ?? makeBodyShape(operation);
  bodyShapes.set(operation, known);
  return known === "none" ? undefined : known;
}

function makeBodyShape({ output }: OperationModel) {
  const isBody = ({ binding }: Member) => binding === "body";
  if (!membersOf(output).some(isBody)) return "none";
  return structure(output.getMergedTraits().xmlName ?? output.getName() ?? "", output, isBody);
}
