import { createHash } from "node:crypto";
import { partsOf, type Text } from "../kernel/packed-text.ts";

/** Of the UTF-8 of a text, in hexadecimal: as `sha256sum` says. */
export function sha256(text: Text): string {
  const hash = createHash("sha256");
  for (const part of partsOf(text)) hash.update(part);
  return hash.digest("hex");
}
