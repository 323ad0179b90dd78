import { z } from "zod";
import { PRESETS } from "../sla/presets.ts";
import { planSchema } from "./plan-schema.ts";
import { fleetSchema } from "./schema.ts";
import { isRecord } from "./values.ts";

type Json = Record<string, unknown>;

/** JSON Schema (draft 7) of fleet.yaml for editors, from the schemas the parser uses. */
export function fleetJsonSchema(): Json {
  const schema = z.toJSONSchema(fleetSchema, { io: "input", target: "draft-7" }) as Json;
  const properties = schema["properties"] as Record<string, Json>;
  const plans = { ...properties["plans"], additionalProperties: customPlanSchema() };
  return { ...schema, title: "hosting-sla fleet", properties: { ...properties, plans } };
}

/** A plan of which any part may be left out, because it may extend another; `null` takes a promise away. */
function customPlanSchema(): Json {
  const { $schema: _, ...plan } = z.toJSONSchema(planSchema, {
    io: "input",
    target: "draft-7",
  }) as Json;
  const partial = allOptional(plan) as Json;
  const description = `A preset (${Object.keys(PRESETS).join(", ")}) or another plan below plans:`;
  return {
    ...partial,
    properties: {
      extends: { type: "string", description },
      ...mayBeNull(partial["properties"] as Record<string, Json>),
    },
  };
}

const mayBeNull = (properties: Record<string, Json>) =>
  Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [
      key,
      { anyOf: [schema, { type: "null", description: "Not promised" }] },
    ]),
  );

/** Only what records must have may be left to a parent; elements of lists replace, so they are whole. */
function allOptional(schema: unknown): unknown {
  if (!isRecord(schema) || !isRecord(schema["properties"])) return schema;
  const { required: _, ...rest } = schema;
  const properties = Object.entries(schema["properties"]);
  return {
    ...rest,
    properties: Object.fromEntries(properties.map(([key, inner]) => [key, allOptional(inner)])),
  };
}

/** The text of examples/fleet.schema.json. */
export const fleetJsonSchemaText = (): string => `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`;
