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
}

/** Rows acknowledged to anybody, and which of them the surviving primary does not have. */
export function countWrites(facts: WriteFacts): Writes & { readonly lostAt: readonly number[] } {
  const { acknowledged, present, oldPrimary, promotedAt, returnedAt } = facts;
  const isDivergent = ({ server, at }: Acknowledgement) =>
    returnedAt !== undefined && server === oldPrimary && at >= returnedAt;
  const lost = acknowledged.filter((row) => !present.has(row.id) && !isDivergent(row));
  const known = new Set(acknowledged.map(({ id }) => id));
  const late = acknowledged.filter(
    ({ server, at }) => promotedAt !== undefined && server === oldPrimary && at > promotedAt,
  );
  return {
    acknowledged: acknowledged.length,
    lost: lost.length,
    acknowledgedByOldPrimaryAfterPromotion: late.length,
    ghosts: [...present].filter((id) => !known.has(id)).length,
    lostAt: lost.map(({ at }) => at),
  };
}

/** Seconds from the oldest lost acknowledgement to the fault; 0 if nothing is missing. */
export function dataLossSeconds(lostAt: readonly number[], faultAt: number): number {
  return lostAt.length === 0 ? 0 : Math.max(0, faultAt - Math.min(...lostAt)) / 1000;
}
