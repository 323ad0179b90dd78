import {
  bare,
  type Ends,
  type NameState,
  stateOf,
  type Way,
  wantedOf,
  waysOf,
} from "./name-words.ts";
import type { DatabaseLook, NamedRecord } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, waiting, wanting } from "./step.ts";
import { namesIn, ttlNoteOf } from "./ttl-step.ts";

const ENDPOINT_WITHIN_SECONDS = 2 * 86_400;
/** As long as a TTL may be that anybody writes. */
const KEPT_AT_MOST_SECONDS = 8 * 86_400;
/** Until all servers of a zone know a change, at worst. */
const SPREAD_SECONDS = 60;

/**
 * The simple records become failover pairs in one batch that clients do not notice: both lead to where the name leads now. Only when
 * resolvers keep an answer for a short time, so that a mistake would heal as fast.
 */
export const namesStep: Step = {
  name: "names",
  async look(on) {
    const { instance, world } = on;
    const { dns } = instance;
    const { primary, standby } = await bothOf(on);
    if (!primary?.endpoint)
      return waiting("comes once the primary has an endpoint", ENDPOINT_WITHIN_SECONDS);
    if (instance.standby !== undefined && !standby?.endpoint) {
      return waiting("comes once the standby has an endpoint", ENDPOINT_WITHIN_SECONDS);
    }
    const ends = {
      primary: primary.endpoint,
      ...(standby?.endpoint && { standby: standby.endpoint }),
    };
    const records = await world.zones.records(dns.zone, namesIn(instance));
    return judged(on, primary, ends, records);
  },
};

export async function bothOf({ instance, world }: Case) {
  const { home, standby, database } = instance;
  const [one, other] = await Promise.all([
    world.databases.look({ region: home, database: database.primary }),
    standby === undefined || database.standby === undefined
      ? undefined
      : world.databases.look({ region: standby, database: database.standby }),
  ]);
  return { primary: one, standby: other };
}

interface Seen {
  readonly way: Way;
  readonly state: NameState;
  readonly records: readonly NamedRecord[];
}

function judged(on: Case, primary: DatabaseLook, ends: Ends, all: readonly NamedRecord[]): Found {
  const { instance, world } = on;
  const { dns } = instance;
  const seen = waysOf(instance, ends).map((way): Seen => {
    const records = all.filter(({ name }) => bare(name) === bare(way.name));
    return { way, records, state: stateOf(way, records) };
  });
  const strangers = seen.flatMap(({ way, state }) =>
    state.is === "foreign" ? [{ says: `${way.name}: ${state.why}` }] : [],
  );
  if (strangers.length > 0) return stuck(...strangers);
  const open = seen.filter(({ state }) => state.is !== "right");
  if (open.length === 0) return done(seen.map(({ way }) => words(way)).join(", "));
  const until = keptUntil(on, primary);
  const names = open.map(({ way }) => way.name).join(", ");
  if (until !== undefined) {
    return waiting(`${names}: resolvers keep the old answer until ${until}`, KEPT_AT_MOST_SECONDS);
  }
  return wanting(
    `lead ${names} by ${instance.standby === undefined ? "CNAMEs" : "failover pairs"}`,
    () =>
      world.zones.replace(
        dns.zone,
        open.flatMap(({ records }) => records),
        open.flatMap(({ way }) => wantedOf(way, dns.ttl)),
      ),
  );
}

const words = ({ name, home, standby }: Way) =>
  standby === undefined ? `${name} → ${home}` : `${name} → ${home}, else ${standby}`;

/** Until when the old answer may be about, ISO 8601; undefined: it is gone. */
export function keptUntil(
  { world: { clock } }: Case,
  primary: Pick<DatabaseLook, "tags">,
): string | undefined {
  const note = ttlNoteOf(primary);
  if (!note) return undefined;
  const longest = Math.max(0, ...Object.values(note.seconds));
  const until = Date.parse(note.since) + clock.paced(longest + SPREAD_SECONDS);
  return until <= clock.now().getTime()
    ? undefined
    : `${new Date(until).toISOString().slice(0, 19)}Z`;
}
