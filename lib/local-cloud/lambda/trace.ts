import { randomBytes } from "node:crypto";

/** Begins an X-Ray trace: `Root=1-<8 hex: time>-<24 hex>;Parent=…;Sampled=1`. */
export function newTrace(atMs = Date.now()): string {
  const time = Math.floor(atMs / 1000)
    .toString(16)
    .padStart(8, "0");
  const [root, parent] = [randomBytes(12), randomBytes(8)].map((bytes) => bytes.toString("hex"));
  return `Root=1-${time}-${root};Parent=${parent};Sampled=1`;
}
