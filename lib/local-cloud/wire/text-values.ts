import { FromStringShapeDeserializer, ToStringShapeSerializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "./service.ts";

const DATE_TIME = 5;
const settings = {
  httpBindings: true,
  timestampFormat: { useTrait: true, default: DATE_TIME },
} as const;
const reader = new FromStringShapeDeserializer(settings);
const writer = new ToStringShapeSerializer(settings);

/** A value that travels as text: in a form, path, query or header. Throws ValidationError on nonsense. */
export function fromText(schema: NormalizedSchema, text: string): unknown {
  try {
    return reader.read(schema as never, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError("ValidationError", `${schema.getMemberName()}: '${text}': ${why}`);
  }
}

export function toText(schema: NormalizedSchema, value: unknown): string {
  writer.write(schema as never, value);
  return writer.flush();
}
