import { CBOR, type Codec, RPC_JSON } from "./codecs.ts";
import type { ServiceModel } from "./model.ts";
import type { Failure, Speaker } from "./speaker.ts";

/** awsJson1_0 and 1_1: the operation in `X-Amz-Target`. */
export const json = (version: "1.0" | "1.1"): Speaker => ({
  ...bodies(RPC_JSON, { "content-type": `application/x-amz-json-${version}` }),
  operation: async ({ headers }) => String(headers["x-amz-target"] ?? "").split(".")[1],
});

/** Smithy RPC v2: the operation in the path. */
export const RPC_CBOR: Speaker = {
  ...bodies(CBOR, { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" }),
  operation: async ({ path }) => /\/operation\/([^/]+)\/?$/.exec(path)?.[1],
};

function bodies(codec: Codec, headers: Readonly<Record<string, string>>) {
  return {
    async read(request, _service, operation) {
      const body = await request.body();
      const isEmpty = body.length === 0 || !operation.input.isStructSchema();
      return isEmpty ? {} : codec.decode(operation.input, body);
    },

    write: (output, _service, operation) => ({
      status: 200,
      headers,
      body: operation.output.isStructSchema()
        ? codec.encode(operation.output, output)
        : codec.encode(ANYTHING, {}),
    }),

    fail: (failure, service) => ({
      status: failure.status,
      headers: { ...headers, ...failureHeaders(failure, service) },
      body: codec.encode(ANYTHING, failureDocument(failure, service)),
    }),
  } satisfies Partial<Speaker>;
}

/** The SDK's schema sentinel for a document. */
const ANYTHING = 15 as unknown as object;

export function failureHeaders(failure: Failure, service: ServiceModel) {
  const name = failure.model?.name ?? failure.code;
  const queryCode = `${failure.model?.wireCode ?? name};${failure.fault}`;
  return {
    "x-amzn-errortype": name,
    ...(service.queryCompatible && { "x-amzn-query-error": queryCode }),
  };
}

export function failureDocument({ model, code, message, fields }: Failure, service: ServiceModel) {
  return { __type: `${service.namespace}#${model?.name ?? code}`, message, ...fields };
}
