import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { FailoverRequest } from "./contract.ts";
import type { Here } from "./world.ts";

/** What an incident's record is told of its failover. */
export interface FailoverNote {
  readonly id: string;
  /** `settled`: the old primary is fenced after the fact, a provisional RPO is final. */
  readonly outcome: "done" | "halted" | "settled";
  readonly at: string;
  readonly epoch?: number;
  readonly rtoSeconds?: number;
  readonly rpoSeconds?: number;
  readonly rpoProvisional?: true;
  /** In words: what the old primary took that its successor never had. */
  readonly divergent?: string;
  readonly code?: string;
}

/** A second apart, in another ledger that throttles. */
const ATTEMPTS = 5;

interface WithFailovers {
  readonly failovers?: readonly FailoverNote[];
}

/** Adds the note here and in control, where the instance is watched from now on, and in `others`; each once. */
export async function noteInIncident(
  { ledgers, region, fleet, clock }: Here,
  { instance, incident }: Pick<FailoverRequest, "instance" | "incident">,
  note: FailoverNote,
  others: readonly string[] = [],
): Promise<void> {
  const key = keys.incident(instance, incident);
  const tell = async (place: string, attempt = 1): Promise<void> => {
    try {
      // An incident nobody opened here stays unopened: its record is the watch's to make.
      await rewrite<WithFailovers>(ledgers(place), key, (found) =>
        found ? withNote(found, note) : undefined,
      );
    } catch (cause) {
      if (place === region) throw cause;
      // A throttle passes, or it does not: no ledger elsewhere holds up a failover that is done.
      const passes = cause instanceof SlaError && cause.code === "CloudThrottled";
      if (!passes || attempt === ATTEMPTS) return;
      await clock.wait(1);
      return tell(place, attempt + 1);
    }
  };
  await Promise.all([...new Set([region, fleet.control, ...others])].map((each) => tell(each)));
}

function withNote(found: WithFailovers, note: FailoverNote): WithFailovers | undefined {
  const others = found.failovers ?? [];
  const known = others.some(
    ({ id, outcome, at }) =>
      id === note.id && outcome === note.outcome && (outcome !== "settled" || at === note.at),
  );
  return known ? undefined : { ...found, failovers: [...others, note] };
}
