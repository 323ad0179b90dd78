import { createHash } from "node:crypto";

/** Of the UTF-8 of a text, in hexadecimal: as `sha256sum` says. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
