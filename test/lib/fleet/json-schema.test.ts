import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fleetJsonSchema, fleetJsonSchemaText } from "../../../lib/fleet/json-schema.ts";

type Json = { readonly [key: string]: Json };
const schema = fleetJsonSchema() as unknown as Json;

describe("the JSON Schema for editors", () => {
  it("is what `node tools/write-schema.ts` would write now", () => {
    expect(readFileSync("examples/fleet.schema.json", "utf8")).toBe(fleetJsonSchemaText());
  });

  it("is named by the example's first line", () => {
    const [first] = readFileSync("examples/fleet.yaml", "utf8").split("\n");
    expect(first).toBe("# yaml-language-server: $schema=fleet.schema.json");
  });

  it("demands what the parser demands", () => {
    expect(schema["required"]).toEqual(["provider", "vantages", "control", "sites", "instances"]);
    expect(schema["additionalProperties"]).toBe(false);
  });

  it("lets a custom plan leave out anything and say what it extends", () => {
    const plan = schema["properties"]?.["plans"]?.["additionalProperties"];
    expect(plan).not.toHaveProperty("required");
    expect(Object.keys(plan?.["properties"] ?? {})).toEqual(
      expect.arrayContaining(["extends", "watch"]),
    );
  });
});
