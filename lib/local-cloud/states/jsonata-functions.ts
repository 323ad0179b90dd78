import { createHash, randomUUID } from "node:crypto";
import type { Expression } from "jsonata";

const DIGESTS: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** The functions Step Functions adds to JSONata; `$eval` is taken away there, and so it is here. */
export function registerStatesFunctions(expression: Expression): void {
  expression.registerFunction("partition", partition);
  expression.registerFunction("range", range);
  expression.registerFunction("hash", hash);
  expression.registerFunction("random", random);
  expression.registerFunction("uuid", () => randomUUID());
  expression.registerFunction("parse", (text: string) => JSON.parse(text));
  expression.registerFunction("eval", () => {
    throw new Error("$eval is not available in Step Functions; use $parse for JSON");
  });
}

function partition(items: readonly unknown[], size: number): unknown[][] {
  if (!(size >= 1)) throw new RangeError(`$partition: expected a size from 1, got ${size}`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function range(first: number, last: number, step: number): number[] {
  if (!step) throw new RangeError("$range: a step of 0 never ends");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > 1000) throw new RangeError(`$range: ${length} items, at most 1000 are allowed`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function hash(data: unknown, algorithm = "SHA-256"): string {
  const digest = DIGESTS[algorithm];
  if (!digest) throw new RangeError(`$hash: unknown algorithm '${algorithm}'`);
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return createHash(digest).update(text).digest("hex");
}

/** A seed makes the number repeatable. */
function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  return createHash("sha256").update(String(seed)).digest().readUInt32BE() / 2 ** 32;
}
