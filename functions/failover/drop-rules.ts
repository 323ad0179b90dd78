import { DATABASE_TAGS, mayGo } from "../../lib/sla/database-tags.ts";
import { logBetween } from "../../lib/sla/log-position.ts";
import { freePercent, isBelow, isMuch } from "../../lib/sla/storage.ts";
import type { Storage } from "../sql/contract.ts";
import type { Said } from "./case.ts";
import type { DatabaseState } from "./ports.ts";
import type { Drop, ReprotectHalt } from "./reprotect-contract.ts";

/** What was seen at the second look; absent states: RDS knows no such database. */
export interface Sights {
  readonly primary?: DatabaseState;
  readonly standby?: DatabaseState;
  readonly primarySays: Said;
  readonly standbySays: Said;
  /** What the primary says of its storage. */
  readonly storage?: Storage;
  /** How RDS names the primary where it is the source of the standby. */
  readonly sourceName: string;
  /** RDS keeps log for what the standby has not applied, fetched or not. */
  readonly byApplied?: boolean;
}

export type Ruling =
  | { readonly kind: "drop"; readonly because: string }
  /** Nobody has to know: it is in order, or will be looked at again. */
  | { readonly kind: "spare"; readonly because: string }
  | { readonly kind: "halt"; readonly code: ReprotectHalt; readonly because: string };

/** Whether a standby may be deleted: every rule has to let it. */
export function rule(drop: Drop, sights: Sights): Ruling {
  const stranger = noReplica(sights);
  if (stranger !== undefined) return { kind: "halt", code: "HaltNoReplica", because: stranger };
  const because = noPrimary(sights) ?? unfitToDelete(sights) ?? inOrder(drop, sights);
  if (because === undefined) {
    const untagged = noStandbyOfOurs(sights);
    if (untagged === undefined) return { kind: "drop", because: groundsOf(drop, sights) };
    return { kind: "halt", code: "HaltUntagged", because: untagged };
  }
  if (drop.belowPercent !== undefined) return { kind: "spare", because };
  return { kind: "halt", code: "HaltDropRefused", because };
}

/**
 * Why what has the seat of the standby may be, or become, a primary. RDS forgets the source of whatever is promoted;
 * a server that answers must say that it is in recovery. One that is dead says nothing, and serves nobody.
 */
export function noReplica({
  standby,
  standbySays,
  sourceName,
}: Pick<Sights, "standby" | "standbySays" | "sourceName">): string | undefined {
  if (!standby) return undefined;
  if (standby.source !== sourceName) {
    return `it follows ${standby.source ?? "nobody"}, not ${sourceName}`;
  }
  if (standbySays.answered && !standbySays.reading.inRecovery) return "it takes writes";
  return standby.replicas.length > 0 ? `${standby.replicas.join(", ")} follow it` : undefined;
}

/** Why nothing of ours may delete it. Permissions say the same: whoever deletes cannot tag. */
export const noStandbyOfOurs = ({ standby }: Pick<Sights, "standby">): string | undefined =>
  standby && !mayGo(standby.tags)
    ? `it has no tag ${DATABASE_TAGS.standby}, without which it is not deleted`
    : undefined;

/** Statuses in which nothing is under way that could end in a promotion. */
const RESTS = [/^available$/, /^failed$/, /^incompatible-/, /^inaccessible-/, /^storage-full$/];

export const rests = ({ status }: DatabaseState): boolean =>
  RESTS.some((pattern) => pattern.test(status));

function noPrimary({ primary, primarySays }: Sights): string | undefined {
  if (!primary) return "its primary does not exist";
  if (primary.source !== undefined) return "its primary is a replica itself";
  // A storage that is full is what this is for.
  if (!/^(available|storage-full)$/.test(primary.status)) return `its primary is ${primary.status}`;
  if (!primarySays.answered) return `its primary does not answer: ${primarySays.message}`;
  return primarySays.reading.inRecovery ? "its primary is in recovery" : undefined;
}

const unfitToDelete = ({ standby }: Sights): string | undefined =>
  standby && !rests(standby) ? `it is ${standby.status}` : undefined;

function inOrder(drop: Drop, sights: Sights): string | undefined {
  const { belowPercent, evenIfStreaming } = drop;
  if (belowPercent !== undefined) return enough(belowPercent, sights) ?? keepsUp(sights);
  return evenIfStreaming ? undefined : keepsUp(sights);
}

function enough(percent: number, { primary, storage, standby }: Sights): string | undefined {
  const allocatedBytes = primary?.allocatedBytes;
  if (!storage || allocatedBytes === undefined) return "nobody says what fills the storage";
  const use = { ...storage, allocatedBytes };
  if (!isBelow(use, percent)) return `${freePercent(use)} % of the storage are free again`;
  if (storage.keptFor !== "replica") return `the log is kept for a ${storage.keptFor}`;
  // With several nobody could say for which of them the log is kept.
  const others = (primary?.replicas.length ?? 0) - (standby ? 1 : 0);
  return others > 0 ? `${others} other replicas follow its primary` : undefined;
}

/** It streams and lacks little: then the log is not kept for it, or not for long. */
function keepsUp({
  primary,
  primarySays,
  standbySays,
  byApplied = false,
}: Sights): string | undefined {
  if (!standbySays.answered || !standbySays.reading.streaming || !primarySays.answered) {
    return undefined;
  }
  const missing = logBetween(standbySays.reading.receivedLsn, primarySays.reading.receivedLsn);
  const allocatedBytes = primary?.allocatedBytes;
  const { undrainedBytes = 0 } = standbySays.reading;
  if (byApplied && allocatedBytes !== undefined && isMuch(undrainedBytes, { allocatedBytes })) {
    return undefined;
  }
  if (missing === undefined || allocatedBytes === undefined) return "it streams";
  return isMuch(missing, { allocatedBytes }) ? undefined : "it streams and is not behind";
}

function groundsOf({ belowPercent }: Drop, { primary, storage, standby }: Sights): string {
  if (!standby) return "it is gone already";
  const allocatedBytes = primary?.allocatedBytes;
  const free =
    storage && allocatedBytes !== undefined
      ? `at most ${freePercent({ ...storage, allocatedBytes })} % of its primary's storage are free`
      : "a person decided";
  return belowPercent === undefined ? free : `${free}, the plan's bound is ${belowPercent} %`;
}
