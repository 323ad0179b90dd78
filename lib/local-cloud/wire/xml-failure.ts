import { NormalizedSchema } from "@smithy/core/schema";
import { xml } from "./codecs.ts";
import { membersOf } from "./members.ts";
import type { Failure } from "./speaker.ts";

const STRUCTURE = 3;
const STRING = 0;

/** `<Error>` with type, code, message and whatever else the modelled error has. */
export function failureXml({ code, message, fault, fields, model }: Failure): string {
  const extra = model
    ? membersOf(model.schema).filter(({ name }) => fields[name] !== undefined)
    : [];
  const shape = NormalizedSchema.of([
    STRUCTURE,
    "",
    "Error",
    0,
    ["Type", "Code", "Message", ...extra.map(({ name }) => name)],
    [STRING, STRING, STRING, ...extra.map(({ schema }) => schema)],
  ] as never);
  const value = { ...fields, Type: fault, Code: model?.wireCode ?? code, Message: message };
  return textOf(xml("").encode(shape, value));
}

export const textOf = (encoded: string | Uint8Array): string =>
  typeof encoded === "string" ? encoded : Buffer.from(encoded).toString();
