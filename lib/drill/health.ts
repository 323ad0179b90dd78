/** The part of `rounds/…` that tells who saw what. */
export interface SeenRound {
  readonly looks: readonly SeenLook[];
}

export interface SeenLook {
  /** ISO 8601 */
  readonly slot: string;
  readonly instances: Readonly<Record<string, Seen>>;
}

export interface Seen {
  /** `good`, `bad` or `abstains` by vantage. */
  readonly votes: Readonly<Record<string, string>>;
  /** `advancing` if the heartbeat does. */
  readonly database: string;
  readonly reason?: string;
}

export function isHealthy(seen: Seen | undefined, vantages: readonly string[]): boolean {
  return seen?.database === "advancing" && vantages.every((each) => seen.votes[each] === "good");
}

/** How often a vantage found the instance bad in looks since then. */
export function badVotes(id: string, looks: readonly SeenLook[], since: number): number {
  const votes = looks
    .filter(({ slot }) => Date.parse(slot) >= since)
    .flatMap(({ instances }) => Object.values(instances[id]?.votes ?? {}));
  return votes.filter((says) => says === "bad").length;
}

/** What an instance lacks in the newest look at it, in words: `acme: eu-north-1 bad (timed out)`. */
export function lackOf(id: string, looks: readonly SeenLook[], vantages: readonly string[]) {
  const seen = looks.findLast(({ instances }) => instances[id])?.instances[id];
  if (!seen) return `${id}: no look recorded yet`;
  const heart = seen.database === "advancing" ? [] : [`heartbeat ${seen.database}`];
  const why = seen.reason === undefined ? "" : ` (${seen.reason})`;
  return `${id}: ${[...lackingVotes(seen, vantages), ...heart].join(", ") || "healthy"}${why}`;
}

/** One phrase where all vantages say the same. */
function lackingVotes({ votes }: Seen, vantages: readonly string[]): string[] {
  const says = (vantage: string) => votes[vantage] ?? "silent";
  const [common, ...others] = new Set(vantages.map(says));
  if (common !== undefined && others.length === 0) {
    return common === "good" ? [] : [`every vantage ${common}`];
  }
  return vantages
    .filter((vantage) => says(vantage) !== "good")
    .map((vantage) => `${vantage} ${says(vantage)}`);
}

/** From this many processes a core on, divided time-outs mostly measure the queue for the core. */
const CROWDED = 1.5;

/** Says that the machine, not the fleet, is to blame; `load` is the average of the last minute. */
export function crowding(load: number, cores: number): string[] {
  if (load < cores * CROWDED) return [];
  return [`this machine is busy (load ${load.toFixed(1)} on ${cores} cores): try a smaller --pace`];
}
