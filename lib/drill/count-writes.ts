import type { Acknowledgement } from "./processes/writers.ts";
import type { Writes } from "./result.ts";

export interface WriteFacts {
  readonly acknowledged: readonly Acknowledgement[];
  /** Ids found on the server that is primary at the end. */
  readonly present: ReadonlySet<number>;
  readonly oldPrimary: string;
  /** Milliseconds since 1970; undefined if nothing was promoted. */
  readonly promotedAt: number | undefined;
  /** When the old primary came back beside its successor: what it took then is divergent, not lost. */
  readonly returnedAt?: number;
  /** The instant that a person went back to: what was acknowledged from its millisecond on they gave up. */
  readonly wentBackTo?: number;
}

/** Rows acknowledged to anybody, and which of them the surviving primary does not have. */
export function countWrites(facts: WriteFacts): Writes & { readonly lostAt: readonly number[] } {
  const { acknowledged, present, oldPrimary, promotedAt, returnedAt, wentBackTo } = facts;
  const isDivergent = ({ server, at }: Acknowledgement) =>
    returnedAt !== undefined && server === oldPrimary && at >= returnedAt;
  const missing = acknowledged.filter((row) => !present.has(row.id) && !isDivergent(row));
  const isGivenUp = ({ at }: Acknowledgement) => wentBackTo !== undefined && at >= wentBackTo;
  const lost = missing.filter((row) => !isGivenUp(row));
  const known = new Set(acknowledged.map(({ id }) => id));
  const late = acknowledged.filter(
    ({ server, at }) => promotedAt !== undefined && server === oldPrimary && at > promotedAt,
  );
  return {
    acknowledged: acknowledged.length,
    lost: lost.length,
    ...(wentBackTo !== undefined && { givenUp: missing.length - lost.length }),
    acknowledgedByOldPrimaryAfterPromotion: late.length,
    ghosts: [...present].filter((id) => !known.has(id)).length,
    lostAt: lost.map(({ at }) => at),
  };
}

/** Seconds from the oldest lost acknowledgement to the fault; 0 if nothing is missing. */
export function dataLossSeconds(lostAt: readonly number[], faultAt: number): number {
  return lostAt.length === 0 ? 0 : Math.max(0, faultAt - Math.min(...lostAt)) / 1000;
}

/** Seconds from the newest acknowledgement before the fault that came back to the fault; null if none did. */
export function newestBackSeconds(
  { acknowledged, present }: Pick<WriteFacts, "acknowledged" | "present">,
  faultAt: number,
): number | null {
  const newest = acknowledged.reduce(
    (latest, { id, at }) => (at <= faultAt && at > latest && present.has(id) ? at : latest),
    Number.NEGATIVE_INFINITY,
  );
  return Number.isFinite(newest) ? (faultAt - newest) / 1000 : null;
}
