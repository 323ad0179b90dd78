import type { Round } from "../../lib/sla/incident.ts";
import { isBeyond } from "../../lib/sla/log-position.ts";
import type { Beat, Reading, SqlFailure } from "../sql/contract.ts";

/** What asking one server brought. `unasked`: its region, its sql function, address or login is missing. */
export type Asked =
  | { readonly kind: "answered"; readonly reading: Reading }
  | { readonly kind: SqlFailure["kind"] }
  | { readonly kind: "unasked" };

/** Newest heartbeat seen on each server. Apart, because a standby that lags advances as well. */
export interface SeenBeats {
  readonly primary?: Beat;
  readonly standby?: Beat;
  /** How far the standby had received the log. */
  readonly received?: string;
  /** How far it had replayed that. */
  readonly replayed?: string;
}

export interface Pulses {
  readonly primary: Asked;
  /** Absent where nothing stands by. */
  readonly standby?: Asked;
  /** From earlier looks. */
  readonly before: SeenBeats;
  /** Milliseconds between two beats, as they last here. */
  readonly beatMs: number;
  /** ISO 8601: instant of the look. */
  readonly slot: string;
}

/** One beat is missing for sure and the next is due; the last quarter is what a beat may be under way. */
const MISSED_BEATS = 1.75;
/** Without an attempt to reach the primary itself, more beats must be missing. */
const MISSED_BEATS_UNASKED = 4;

/**
 * Whether the *database* lives. A primary that answers us out of recovery lives, even if no heartbeat
 * arrives: its clients may be committing, and a person has to look. A server that answers with a refusal
 * (too many connections, wrong password, starting up) is somebody as well, and so is who still sends log to
 * the standby. Only silence, together with heartbeats that stopped, is silence.
 */
export function signOfLife(pulses: Pulses): Round["database"] {
  const { primary } = pulses;
  if (primary.kind === "answered" && !primary.reading.inRecovery) return "advancing";
  if (advances(pulses) || sendsLog(pulses)) return "advancing";
  const seen = newestBeat(pulses) ?? remembered(pulses);
  if (!seen) return "unknown";
  if (primary.kind === "refused" || primary.kind === "answered") return "unknown";
  const missed = primary.kind === "unasked" ? MISSED_BEATS_UNASKED : MISSED_BEATS;
  return seen.ageMs >= missed * pulses.beatMs ? "silent" : "unknown";
}

function advances({ primary, standby, before }: Pulses): boolean {
  const now = seenBeats({ primary, ...(standby && { standby }) });
  const servers = (["primary", "standby"] as const).filter(
    (server) => server === "primary" || !replaysOnly(standby, before),
  );
  return servers.some((server) => {
    const [earlier, later] = [before[server], now[server]];
    return earlier !== undefined && later !== undefined && later.sequence > earlier.sequence;
  });
}

/** Without a stream and without new log, beats that a standby shows are late ones: it replays what it had received. */
function replaysOnly(standby: Asked | undefined, before: SeenBeats): boolean {
  if (standby?.kind !== "answered" || before.received === undefined) return false;
  const { inRecovery, streaming, receivedLsn } = standby.reading;
  const isKnown = receivedLsn !== undefined;
  return inRecovery && !streaming && isKnown && !isBeyond(receivedLsn, before.received);
}

/** Only over a living stream: what was received meanwhile may be a dead primary's last words. */
function sendsLog({ standby, before }: Pulses): boolean {
  if (standby?.kind !== "answered") return false;
  const { inRecovery, streaming, receivedLsn } = standby.reading;
  return inRecovery && streaming && isBeyond(receivedLsn, before.received);
}

/** What this look shows of each server, else what earlier ones did. */
export function seenBeats(
  { primary, standby }: Pick<Pulses, "primary" | "standby">,
  before: SeenBeats = {},
): SeenBeats {
  const onPrimary = beatOn(primary) ?? before.primary;
  const onStandby = beatOn(standby) ?? before.standby;
  const shown: Partial<Reading> = standby?.kind === "answered" ? standby.reading : {};
  const { receivedLsn: received = before.received, replayedLsn: replayed = before.replayed } =
    shown;
  return {
    ...(onPrimary && { primary: onPrimary }),
    ...(onStandby && { standby: onStandby }),
    ...(received && { received }),
    ...(replayed && { replayed }),
  };
}

const beatOn = (asked: Asked | undefined) =>
  asked?.kind === "answered" ? asked.reading.beat : undefined;

/** Where nothing stands by, a dead primary leaves nothing to read but what earlier looks saw. */
function remembered({ standby, before: { primary }, slot }: Pulses) {
  if (standby || !primary) return undefined;
  return { beat: primary, ageMs: Date.parse(slot) - Date.parse(primary.at) };
}

/** Whether no beat is missing yet. */
export function isFresh(servers: Partial<Pick<Pulses, "primary" | "standby">>, beatMs: number) {
  const seen = newestBeat(servers);
  return seen !== undefined && seen.ageMs < MISSED_BEATS * beatMs;
}

/** The newest heartbeat either server shows, and its age by that server's clock. */
function newestBeat({ primary, standby }: Partial<Pick<Pulses, "primary" | "standby">>) {
  return [primary, standby]
    .flatMap((asked) => (asked?.kind === "answered" ? beatOf(asked.reading) : []))
    .toSorted((a, b) => b.beat.sequence - a.beat.sequence)[0];
}

function beatOf({ beat, now }: Reading) {
  return beat ? [{ beat, ageMs: Date.parse(now) - Date.parse(beat.at) }] : [];
}
