import { keys } from "../ledger/contract.ts";
import type { FailoverRequest } from "./contract.ts";
import { isUnreachable } from "./errors.ts";
import type { RecordWorld } from "./world.ts";
import { rewrite } from "./written.ts";

/** What an incident's record is told of its failover. */
export interface FailoverNote {
  readonly id: string;
  readonly outcome: "done" | "halted";
  readonly at: string;
  readonly epoch?: number;
  readonly rtoSeconds?: number;
  readonly rpoSeconds?: number;
  readonly code?: string;
}

interface WithFailovers {
  readonly failovers?: readonly FailoverNote[];
}

/** Adds the note here and in control, where the instance is watched from now on; each once. */
export async function noteInIncident(
  { ledgers, region, fleet }: RecordWorld,
  { instance, incident }: FailoverRequest,
  note: FailoverNote,
): Promise<void> {
  const key = keys.incident(instance, incident);
  const tell = async (place: string) => {
    try {
      // An incident nobody opened here stays unopened: its record is the watch's to make.
      await rewrite<WithFailovers>(ledgers(place), key, (found) =>
        found ? withNote(found, note) : undefined,
      );
    } catch (cause) {
      if (place === region || !isUnreachable(cause)) throw cause;
    }
  };
  await Promise.all([...new Set([region, fleet.control])].map(tell));
}

function withNote(found: WithFailovers, note: FailoverNote): WithFailovers | undefined {
  const others = found.failovers ?? [];
  const known = others.some(({ id, outcome }) => id === note.id && outcome === note.outcome);
  return known ? undefined : { ...found, failovers: [...others, note] };
}
