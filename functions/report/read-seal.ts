import type { Seal } from "./contract.ts";

/** Undefined for what is none. */
export function readSeal(json: string): Seal | undefined {
  try {
    const seal = JSON.parse(json) as Partial<Seal> | null;
    const isOne = typeof seal?.day === "string" && typeof seal.site === "string";
    const names = isOne && typeof seal.rollUps === "object" && seal.rollUps !== null;
    return names ? (seal as Seal) : undefined;
  } catch {
    return undefined;
  }
}
