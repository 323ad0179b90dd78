import { NormalizedSchema } from "@smithy/core/schema";
import { xml } from "./codecs.ts";
import { membersOf, structure } from "./members.ts";
import type { OperationModel } from "./model.ts";
import { AWS_QUERY, type Dialect, EC2_QUERY, readQuery } from "./query-input.ts";
import type { Answer, Failure, Speaker, WireRequest } from "./speaker.ts";
import { failureXml, textOf } from "./xml-failure.ts";

/** Of a form both kinds read alike but for its keys. */
const reading = (dialect: Dialect): Pick<Speaker, "operation" | "read"> => ({
  async operation(request) {
    return (await formOf(request)).get("Action") ?? undefined;
  },

  async read(request, _service, operation) {
    return readQuery(operation.input, await formOf(request), dialect);
  },
});

const answer = (status: number, body: string): Answer => ({
  status,
  headers: { "content-type": "text/xml" },
  body,
});

/** awsQuery: a form in, XML out. Old clients of CloudWatch and others still speak it. */
export const QUERY: Speaker = {
  ...reading(AWS_QUERY),

  write(output, { xmlNamespace }, operation, requestId) {
    const result = operation.output.isStructSchema()
      ? textOf(xml("").encode(resultOf(operation), output))
      : "";
    return answer(
      200,
      `<${operation.name}Response xmlns="${xmlNamespace}">${result}` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`,
    );
  },

  fail: (failure: Failure, { xmlNamespace }, requestId) =>
    answer(
      failure.status,
      `<ErrorResponse xmlns="${xmlNamespace}">${failureXml(failure)}` +
        `<RequestId>${requestId}</RequestId></ErrorResponse>`,
    ),
};

/** ec2Query: EC2's own kind of it, in which the answer itself is the result. */
export const EC2: Speaker = {
  ...reading(EC2_QUERY),

  write(output, { xmlNamespace }, operation, requestId) {
    const answered = { ...output, requestId };
    return answer(200, textOf(xml(xmlNamespace).encode(responseOf(operation), answered)));
  },

  fail: (failure: Failure, _service, requestId) =>
    answer(
      failure.status,
      `<Response><Errors>${failureXml(failure)}</Errors><RequestID>${requestId}</RequestID></Response>`,
    ),
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

type Shaped = (operation: OperationModel) => NormalizedSchema;

/** Shapes are made once for each operation. */
function once(make: Shaped): Shaped {
  const made = new WeakMap<OperationModel, NormalizedSchema>();
  return (operation) => {
    const shape = made.get(operation) ?? make(operation);
    made.set(operation, shape);
    return shape;
  };
}

const resultOf = once(({ name, output }) => structure(`${name}Result`, output));

const STRUCTURE = 3;
const STRING = 0;

const responseOf = once(({ name, output }) => {
  const members = output.isStructSchema() ? membersOf(output) : [];
  return NormalizedSchema.of([
    ...[STRUCTURE, "", `${name}Response`, 0],
    [...members.map((member) => member.name), "requestId"],
    [...members.map(({ schema }) => schema), STRING],
  ] as never);
});
