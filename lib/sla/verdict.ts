export type Verdict = "up" | "down" | "unknown";

/** What one vantage says of one instance. A vantage that did not answer in time has no vote. */
export interface Vote {
  readonly vantage: string;
  /** `abstains`: the vantage is blind, its own control targets do not answer either. */
  readonly says: "good" | "bad" | "abstains";
}

/**
 * Down or up by a majority of the *configured* vantages, else unknown: who abstains, is absent or
 * contradicts itself counts for nobody, so a blind minority decides nothing and neither does a rest.
 */
export function verdictOf(configured: readonly string[], votes: readonly Vote[]): Verdict {
  const electorate = new Set(configured);
  const said = (what: Vote["says"]) =>
    [...electorate].filter((vantage) => isUnanimous(votes, vantage, what)).length;
  const majority = Math.floor(electorate.size / 2) + 1;
  if (said("bad") >= majority) return "down";
  return said("good") >= majority ? "up" : "unknown";
}

function isUnanimous(votes: readonly Vote[], vantage: string, what: Vote["says"]): boolean {
  const own = votes.filter((vote) => vote.vantage === vantage);
  return own.length > 0 && own.every(({ says }) => says === what);
}
