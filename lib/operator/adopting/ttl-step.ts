import { formatDuration } from "../../sla/duration.ts";
import type { Instance } from "../../sla/fleet.ts";
import { bare } from "./name-words.ts";
import type { DatabaseLook, NamedRecord } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, wanting } from "./step.ts";

/** Tag of a primary: how long its names were kept by resolvers before, and since when they are for less. */
export const TTL_NOTE = "hosting-sla:ttl";

/** Resolvers keep what they have until its old TTL is over: the earlier it is lowered, the less is waited for later. */
export const ttlStep: Step = {
  name: "TTL",
  async look(on) {
    const { instance, world } = on;
    const { dns } = instance;
    const { home, database } = instance;
    const primary = await world.databases.look({ region: home, database: database.primary });
    const records = await world.zones.records(dns.zone, namesIn(instance));
    const slow = records.filter(
      ({ routing, ttl = 0, type }) => routing !== "other" && type === "CNAME" && ttl > dns.ttl,
    );
    if (!primary) return stuck({ says: `${home} has no database ${database.primary}` });
    if (slow.length === 0) return done(`${dns.ttl} s or less`);
    return lowering(on, primary, slow);
  },
};

export const namesIn = ({ dns: { names } }: Instance) => [
  names.database,
  ...(names.app === undefined ? [] : [names.app]),
];

/** Noted before: whoever is killed in between notes it again, and no wait is ever too short. */
function lowering(
  { instance, world }: Case,
  primary: DatabaseLook,
  slow: readonly NamedRecord[],
): Found {
  const { dns, home } = instance;
  const from = Math.max(...slow.map(({ ttl = 0 }) => ttl));
  const names = [...new Set(slow.map(({ name }) => name))].join(", ");
  const says = `lower the TTL of ${names} from ${formatDuration(from)} to ${dns.ttl} s`;
  return wanting(says, async () => {
    const before = ttlNoteOf(primary)?.seconds;
    const now = Object.fromEntries(
      KINDS.flatMap((kind) => {
        const its = slow.filter(({ name }) => bare(name) === bare(dns.names[kind] ?? ""));
        return its.length === 0 ? [] : [[kind, Math.max(...its.map(({ ttl = 0 }) => ttl))]];
      }),
    );
    const since = world.clock.now().toISOString();
    await world.databases.note(home, primary.arn, TTL_NOTE, noteText({ ...before, ...now }, since));
    const lowered = slow.map(({ name, target = "", failover }) => ({
      ...{ name, target, ttl: dns.ttl },
      ...(failover && { failover }),
    }));
    await world.zones.replace(dns.zone, slow, lowered);
  });
}

const KINDS = ["database", "app"] as const;
type Kind = (typeof KINDS)[number];

interface TtlNote {
  /** Of each name that was lowered: for how long resolvers kept it before. */
  readonly seconds: Readonly<Partial<Record<Kind, number>>>;
  /** ISO 8601. */
  readonly since: string;
}

/** `database=3600 app=300 since=2026-11-23T08:00:00.000Z`, in characters that a tag may have. */
const noteText = (seconds: TtlNote["seconds"], since: string) =>
  [
    ...KINDS.flatMap((kind) => (seconds[kind] === undefined ? [] : [`${kind}=${seconds[kind]}`])),
    `since=${since}`,
  ].join(" ");

/** Undefined: nothing was lowered, or not by this. */
export function ttlNoteOf({ tags }: Pick<DatabaseLook, "tags">): TtlNote | undefined {
  const said = new Map(
    (tags[TTL_NOTE] ?? "").split(" ").map((part) => part.split("=", 2) as [string, string]),
  );
  const since = said.get("since");
  if (since === undefined || Number.isNaN(Date.parse(since))) return undefined;
  const seconds = KINDS.flatMap((kind) => {
    const value = Number(said.get(kind));
    return value > 0 ? [[kind, value] as const] : [];
  });
  return { seconds: Object.fromEntries(seconds), since };
}

/** For how long resolvers kept this name before; undefined: it was not lowered. */
export const secondsBefore = (
  note: TtlNote | undefined,
  { dns: { names } }: Instance,
  name: string,
): number | undefined => {
  const kind = KINDS.find((each) => bare(names[each] ?? "") === bare(name));
  return kind && note?.seconds[kind];
};
