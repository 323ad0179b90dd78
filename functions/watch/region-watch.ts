import { incidentIdOf } from "../../lib/sla/incident-state.ts";
import { type Inhabitant, type LostRegion, lostRegions } from "../../lib/sla/region-incident.ts";
import { REPLICAS_AT_ONCE } from "../../lib/sla/turns.ts";
import type { Notice } from "../notify/contract.ts";
import type { IncidentChange } from "./contract.ts";
import type { RegionClaim } from "./region-claim.ts";
import { type Entry, judgedAt, type Owed, type RegionIncident } from "./shard-state.ts";

type Entries = Readonly<Record<string, Entry>>;
type Regions = Readonly<Record<string, RegionIncident>>;

export interface RegionRound {
  /** ISO 8601 instant of the schedule. */
  readonly slot: string;
  readonly site: string;
  readonly control: string;
  /** Milliseconds after which an entry says nothing any more: its instance is watched by somebody else. */
  readonly staleAfterMs: number;
  /** Of a region that this shard finds lost with this look: the incident it becomes part of, if it is known. */
  readonly claims?: RegionClaims;
  /** This one, and how many there are: each sees its own instances only. */
  readonly shard: string;
  readonly shards: number;
}

/** By region. */
export type RegionClaims = Readonly<Record<string, RegionClaim>>;

export interface RegionOutcome {
  readonly regions: Regions;
  readonly owed: readonly Owed[];
}

/**
 * The region incidents of a shard after a look. One is open from the look in which its region is lost until none of its
 * instances is down that is still watched here: what is promoted has another owner.
 */
export function regionRound(before: Regions, entries: Entries, round: RegionRound): RegionOutcome {
  const here = inhabitantsOf(entries, round);
  const fresh = lostRegions(here.filter(({ isTold }) => !isTold)).filter(
    ({ region }) => !before[region],
  );
  const over = Object.values(before).filter(
    ({ region }) => !here.some((each) => each.region === region && each.downSince !== undefined),
  );
  const kept = Object.entries(before).filter(
    ([region]) => !over.some((it) => it.region === region),
  );
  const opened = fresh.map((lost) => [lost.region, openedBy(lost, round)] as const);
  return {
    regions: Object.fromEntries([...kept, ...opened]),
    owed: [
      ...fresh.flatMap((lost) => owedAtOpening(lost, openedBy(lost, round), round)),
      ...over.map((incident) => owedAtClosing(incident, round)),
    ],
  };
}

/** The region incident that an instance's own incident is part of. */
export const incidentOfRegion = (regions: Regions, { region }: Pick<Entry, "region">) =>
  region === undefined ? undefined : regions[region]?.incident;

/** Told: down for a trouble that began elsewhere, or that is a part of one already. */
type Here = Inhabitant & { readonly isTold: boolean };

function inhabitantsOf(entries: Entries, { slot, staleAfterMs }: RegionRound): Here[] {
  return Object.entries(entries).flatMap(([instance, entry]): Here[] => {
    const { region, regionAnswers = true, incident } = entry;
    const isStale = Date.parse(slot) - judgedAt(entry) > staleAfterMs;
    if (region === undefined || isStale) return [];
    if (incident.kind !== "down") return [{ instance, region, regionAnswers, isTold: false }];
    const isTold = entry.within !== undefined || incident.movedAt !== undefined;
    return [{ instance, region, regionAnswers, isTold, downSince: incident.firstBadAt }];
  });
}

function openedBy({ region, firstBadAt, down }: LostRegion, { slot, claims }: RegionRound) {
  const own = { region, incident: incidentIdOf(firstBadAt), firstBadAt, openedAt: slot };
  const { by: _, ...claimed } = claims?.[region] ?? { ...own, by: "" };
  return { ...claimed, members: down };
}

/** Without a word from the ledger it is: two mails are better than none. */
const isOursToTell = (region: string, { claims, shard }: RegionRound) =>
  (claims?.[region]?.by ?? shard) === shard;

/** No instance has two hyphens in its id, so no instance's records are in the way. */
export const folderOf = (region: string) => `region--${region}`;

function owedAtOpening(lost: LostRegion, opened: RegionIncident, round: RegionRound): Owed[] {
  const { region, incident, firstBadAt, openedAt, members } = opened;
  const id = `${folderOf(region)}/${incident}/region-lost`;
  const change: IncidentChange = {
    instance: folderOf(region),
    ...{ incident, firstBadAt, openedAt, members },
    shards: { [round.shard]: { seenAt: round.slot } },
  };
  return [
    { id: `${id}/record`, kind: "incident", change, sites: sitesOf(round) },
    ...(isOursToTell(region, round)
      ? [{ id: `${id}/notice`, kind: "notice", notice: noticeOf(lost, opened, round) } as const]
      : []),
  ];
}

function owedAtClosing({ region, incident, firstBadAt }: RegionIncident, round: RegionRound): Owed {
  const instance = folderOf(region);
  const shards = { [round.shard]: { overAt: round.slot } };
  return {
    id: `${instance}/${incident}/region-over/record`,
    kind: "incident",
    change: { instance, incident, firstBadAt, closedAt: round.slot, shards },
    sites: sitesOf(round),
  };
}

const sitesOf = ({ site, control }: RegionRound) => [...new Set([site, control])];

/** To the provider alone, once for all: a region is no instance, so it has no contacts of its own. */
const noticeOf = (
  lost: LostRegion,
  { incident, openedAt }: RegionIncident,
  { shard, shards }: RegionRound,
): Notice => ({
  kind: "region-lost",
  instance: lost.region,
  incident,
  at: openedAt,
  lines: [
    `${lost.down.length} of the ${lost.inhabitants} instances whose primary is in ${lost.region} are down since ${lost.firstBadAt}; the region itself ${lost.regionAnswers ? "answers" : "does not answer"}.`,
    ...(shards > 1
      ? [
          `That is shard ${shard} of ${shards}, which saw it first: the others are part of this incident and send no mail of their own for it.`,
        ]
      : []),
    "Those with failover: automatic are promoted, the tightest RTO first; their contacts are told one by one, you are told of what needs a person.",
    `When the region is back, new standbys are built there, ${REPLICAS_AT_ONCE} at once, in the same order.`,
    "Progress: npx sla status",
    `Instances: ${named(lost.down)}`,
  ],
});

const NAMED = 50;
const named = (ids: readonly string[]) =>
  ids.length > NAMED
    ? `${ids.slice(0, NAMED).join(", ")} and ${ids.length - NAMED} more`
    : ids.join(", ");
