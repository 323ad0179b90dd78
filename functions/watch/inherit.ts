import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import { silentAfterSeconds } from "./contract.ts";
import { type Entry, judgedAt, type ShardState } from "./shard-state.ts";
import { type Subject, seatsOf } from "./subject.ts";

export interface Heir {
  readonly shard: string;
  readonly site: string;
  readonly control: string;
  readonly ledgers: Ledgers;
}

/** Where a pace divides that: a look is not divided, and a laptop that stutters has not missed its rounds. */
const SILENT_FLOOR_MS = 30_000;

/** Milliseconds after which a site that looks this often is silent. */
export const silentAfterMs = (
  subject: Pick<Subject, "plan">,
  clock: Pick<Clock, "paced">,
): number => clock.paced(silentAfterSeconds(subject), SILENT_FLOOR_MS);

/**
 * Incidents do not begin anew when an instance changes hands: what another site judged last is taken
 * over from its shard state, so that an incident opened there closes here, once. Sites that do not
 * answer leave nothing.
 */
export async function inherit(
  subjects: readonly Subject[],
  own: ShardState,
  heir: Heir,
  isStale: (entry: Entry, subject: Subject) => boolean,
): Promise<ReadonlyMap<string, Entry>> {
  const strangers = subjects.filter((subject) => {
    const entry = own.instances[subject.instance.id];
    return !entry || entry.epoch !== subject.roles.epoch || isStale(entry, subject);
  });
  const sites = new Set(strangers.flatMap((subject) => formerSites(subject, heir)));
  const states = await Promise.all([...sites].map((site) => stateAt(site, heir)));
  return new Map(
    strangers.flatMap(({ instance: { id } }) => {
      const entries = [own, ...states].flatMap((state) => state?.instances[id] ?? []);
      const [newest] = entries.toSorted((a, b) => judgedAt(b) - judgedAt(a));
      return newest ? [[id, newest] as const] : [];
    }),
  );
}

/** Who may have owned the instance before: the owner named, a seat of it, or control. */
function formerSites({ roles }: Subject, { site, control }: Heir): string[] {
  const seats = seatsOf(roles).map(({ region }) => region);
  return [roles.owner, ...seats, control].filter((region) => region !== site);
}

async function stateAt(site: string, { ledgers, shard }: Heir): Promise<ShardState | undefined> {
  try {
    return (await ledgers(site).read<ShardState>(keys.shard(shard)))?.value;
  } catch {
    return undefined;
  }
}
