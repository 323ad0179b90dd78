import { createHash } from "node:crypto";
import type { Fleet } from "../sla/fleet.ts";
import { isRecord } from "./values.ts";

/** First 16 hex digits of the SHA-256 of the fleet, the same whatever order its keys were written in. */
export const fleetHash = (fleet: Fleet): string =>
  createHash("sha256").update(canonicalJson(fleet)).digest("hex").slice(0, 16);

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
