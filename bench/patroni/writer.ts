import { setTimeout as pause } from "node:timers/promises";
import type { PatroniNode } from "./node.ts";

/** Between two attempts: the figure is that coarse. */
const EVERY_MS = 20;
const WRITE = "insert into bench_rows default values";

export const TABLE =
  "create table if not exists bench_rows (at timestamptz not null default clock_timestamp())";

/**
 * Writes through whichever node takes it, trying the others when one does not, until the first write is
 * acknowledged by `expected`. Returns the instant of that, in milliseconds of `performance.now`.
 *
 * @throws Error if that has not happened within `patienceMs`
 */
export async function firstWriteOn(
  expected: PatroniNode,
  nodes: readonly PatroniNode[],
  patienceMs: number,
): Promise<number> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const writtenTo = await firstToAccept(nodes);
    if (writtenTo === expected) return performance.now();
    await pause(EVERY_MS);
  }
  throw new Error(
    `Patroni: no write was accepted by node ${expected.name} within ${patienceMs / 1000} s${await expected.lastWords()}`,
  );
}

async function firstToAccept(nodes: readonly PatroniNode[]): Promise<PatroniNode | undefined> {
  for (const node of nodes) {
    // Refused (nobody there) or read-only (still a standby): the next one.
    const isWritten = await node.query(WRITE).then(
      () => true,
      () => false,
    );
    if (isWritten) return node;
  }
  return undefined;
}
