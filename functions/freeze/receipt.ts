import { SlaError } from "../kernel/errors.ts";
import { FREEZE_FAILED } from "./contract.ts";

/** What the task says of a dump that it has uploaded and read through. */
export interface Receipt {
  readonly sha256: string;
  readonly bytes: number;
}

export const failed = (message: string): never => {
  throw new SlaError(FREEZE_FAILED, "cloud", message);
};

/** @throws SlaError FreezeFailed for anything that is no receipt of a dump */
export function parseReceipt(text: string): Receipt {
  const { sha256, bytes } = jsonIn(text);
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
    return failed(`the receipt has no SHA-256: ${text.slice(0, 200)}`);
  }
  if (typeof bytes === "number" && Number.isInteger(bytes) && bytes > 0) return { sha256, bytes };
  return failed(`the receipt is of a dump without a byte: ${text.slice(0, 200)}`);
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
