import { xml } from "./codecs.ts";
import { structure } from "./members.ts";
import type { OperationModel } from "./model.ts";
import { readQuery } from "./query-input.ts";
import type { Speaker, WireRequest } from "./speaker.ts";
import { failureXml, textOf } from "./xml-failure.ts";

const results = new WeakMap<OperationModel, ReturnType<typeof structure>>();

/** awsQuery: a form in, XML out. Old clients of CloudWatch and others still speak it. */
export const QUERY: Speaker = {
  async operation(request) {
    return (await formOf(request)).get("Action") ?? undefined;
  },

  async read(request, _service, operation) {
    return readQuery(operation.input, await formOf(request));
  },

  write(output, { xmlNamespace }, operation, requestId) {
    const result = operation.output.isStructSchema()
      ? textOf(xml("").encode(resultOf(operation), output))
      : "";
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body:
        `<${operation.name}Response xmlns="${xmlNamespace}">${result}` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`,
    };
  },

  fail: (failure, { xmlNamespace }, requestId) => ({
    status: failure.status,
    headers: { "content-type": "text/xml" },
    body:
      `<ErrorResponse xmlns="${xmlNamespace}">${failureXml(failure)}` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  }),
};

const forms = new WeakMap<WireRequest, URLSearchParams>();

async function formOf(request: WireRequest): Promise<URLSearchParams> {
  const before = forms.get(request);
  if (before) return before;
  const body = (await request.body()).toString();
  const form = body === "" ? request.query : new URLSearchParams(body);
  forms.set(request, form);
  return form;
}

function resultOf(operation: OperationModel) {
  const made = results.get(operation) ?? structure(`${operation.name}Result`, operation.output);
  results.set(operation, made);
  return made;
}
