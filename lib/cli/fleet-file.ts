import { existsSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../examples/fleet.yaml", import.meta.url));

/** The file asked for, else ./fleet.yaml, else the example, which is said on standard error. */
export function fleetFileOf(asked: string | undefined): string {
  if (asked !== undefined) return asked;
  if (existsSync("fleet.yaml")) return "fleet.yaml";
  console.error(`sla: no fleet.yaml here, so this is ${relative(".", EXAMPLE)}`);
  return EXAMPLE;
}
