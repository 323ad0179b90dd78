import { writeFileSync } from "node:fs";
import { fleetJsonSchemaText } from "../lib/fleet/json-schema.ts";

// `node tools/write-schema.ts`, whenever a schema in lib/fleet changes; a test notices if it was forgotten.
writeFileSync(new URL("../examples/fleet.schema.json", import.meta.url), fleetJsonSchemaText());
