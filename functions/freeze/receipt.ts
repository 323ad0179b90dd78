import { SlaError } from "../kernel/errors.ts";
import { FREEZE_FAILED } from "./contract.ts";

/** What the task says of a dump that it has uploaded and read through. */
export interface Receipt {
  readonly sha256: string;
  readonly bytes: number;
}

/** What `pg_restore --list` says of it. */
export interface Contents {
  readonly entries: number;
  readonly server: string;
  readonly dumpedBy: string;
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

/** @throws SlaError FreezeFailed if nothing is in it */
export function parseContents(text: string): Contents {
  const lines = text.split("\n");
  const entries = lines.filter((line) => /^\d+;/.test(line)).length;
  if (entries === 0) return failed("pg_restore --list finds nothing in the dump");
  const said = (name: string) =>
    lines.map((line) => line.split(`${name}: `)[1]).find((value) => value !== undefined) ??
    "unknown";
  return {
    entries,
    server: said("Dumped from database version"),
    dumpedBy: said("Dumped by pg_dump version"),
  };
}
