import { dumpedWith } from "../../lib/sla/dump-formats.ts";
import { inLanes } from "../kernel/lanes.ts";
import { type FrozenCopy, type Manifest, manifestKey } from "./contract.ts";
import type { Vault } from "./ports.ts";

const LANES = 16;

/**
 * The frozen copies of an instance, the oldest data first: what the bucket itself says. A dump that was deleted after its time
 * is none, though its manifest may still be there.
 */
export async function copiesOf(vault: Vault, instance: string): Promise<readonly FrozenCopy[]> {
  const keys = (await vault.keys(`${instance}/`)).filter((key) => isManifest(instance, key));
  const found = await inLanes(LANES, keys, (key) => copyIn(vault, key));
  return found.flat().toSorted((one, other) => (one.takenAt < other.takenAt ? -1 : 1));
}

function isManifest(instance: string, key: string): boolean {
  const [, backup = ""] = key.split("/");
  return key === manifestKey(instance, backup);
}

async function copyIn(vault: Vault, key: string): Promise<readonly FrozenCopy[]> {
  const text = await vault.text(key);
  if (text === undefined) return [];
  const { counts, ...manifest } = JSON.parse(text) as Manifest;
  const { backup, takenAt, database, dump, untransacted, retainUntil } = manifest;
  const lies = await vault.lock(dump.key);
  if (lies?.bytes !== dump.bytes) return [];
  const tables = counts && Object.values(counts);
  const counted = tables && {
    tables: tables.length,
    rows: tables.reduce((sum, rows) => sum + rows, 0),
  };
  const copy = { backup, takenAt, database, dump, ...dumpedWith(manifest), retainUntil };
  return [{ ...copy, ...(untransacted && { untransacted }), ...(counted && { counted }) }];
}
