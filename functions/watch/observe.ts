import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { TlsSeen } from "../../lib/sla/tls.ts";
import { type Verdict, type Vote, verdictOf } from "../../lib/sla/verdict.ts";
import { PROBE_TIMEOUTS, type ProbeAnswer, type ProbeTarget } from "../probe/contract.ts";
import type { Addresses } from "./addresses.ts";
import type { Gauge, Pulse, Vantages } from "./ports.ts";
import { askServers } from "./readings.ts";
import type { Asked } from "./sign-of-life.ts";
import { type Subject, seatsOf } from "./subject.ts";

/** What one look saw of one instance. */
export interface Observation {
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly votes: readonly Vote[];
  /** Why the first vantage that found it bad did. */
  readonly reason?: string;
  /** What a handshake showed, at looks that make one. */
  readonly tls?: TlsSeen;
  readonly primary: Asked;
  readonly standby?: Asked;
  readonly primaryRegionAnswers: boolean;
}

export interface Eyes {
  readonly vantages: Vantages;
  readonly pulse: Pulse;
  readonly addresses: Addresses;
  readonly gauge: Gauge;
}

export interface Looking {
  /** ISO 8601: the look's slot. */
  readonly at: string;
  /** Which vantage looks at the TLS of an instance, if any does now. */
  readonly tlsFrom: (subject: Subject) => string | undefined;
}

/**
 * One look: probes from every vantage, a description of every region and the heartbeats, all at once.
 * Never rejects: what does not answer abstains, is unknown or does not answer.
 */
export async function observe(
  subjects: readonly Subject[],
  fleet: Fleet,
  eyes: Eyes,
  looking: Looking,
): Promise<Observation[]> {
  const regions = [...new Set(subjects.flatMap(({ roles }) => seatsOf(roles).map(regionOf)))];
  const views = new Map(regions.map((region) => [region, eyes.addresses.view(region)]));
  const [ballots, servers] = await Promise.all([
    Promise.all(
      fleet.vantages.map((region) => ballotOf(region, subjects, fleet, { ...eyes, looking })),
    ),
    askServers(subjects, views, eyes),
  ]);
  return Promise.all(
    subjects.map(async (subject): Promise<Observation> => {
      const { primary, standby, instance } = subject.roles;
      const votes = ballots.map((ballot) => ballot(instance));
      const reason = votes.find((vote) => vote.reason !== undefined)?.reason;
      const tls = votes.find((vote) => vote.tls)?.tls;
      return {
        subject,
        verdict: verdictOf(fleet.vantages, votes),
        votes: votes.map(({ vantage, says }) => ({ vantage, says })),
        ...(reason !== undefined && { reason }),
        ...(tls && { tls }),
        primary: servers(primary, instance),
        ...(standby && { standby: servers(standby, instance) }),
        primaryRegionAnswers: (await views.get(primary.region)?.refreshed)?.answers ?? false,
      };
    }),
  );
}

const regionOf = ({ region }: Seat) => region;

type Ballot = (instance: string) => Vote & { readonly reason?: string; readonly tls?: TlsSeen };

async function ballotOf(
  vantage: string,
  subjects: readonly Subject[],
  fleet: Fleet,
  { vantages, looking }: Pick<Eyes, "vantages"> & { readonly looking: Looking },
): Promise<Ballot> {
  const targets = subjects.map((subject): ProbeTarget => {
    const { id, url } = subject.instance;
    return { id, url, ...(looking.tlsFrom(subject) === vantage && { tls: true }) };
  });
  const request = { targets, controls: fleet.controlTargets, ...PROBE_TIMEOUTS };
  try {
    return countedBallot(vantage, await vantages.probe(vantage, request), looking.at);
  } catch {
    return () => ({ vantage, says: "abstains" });
  }
}

function countedBallot(vantage: string, { blind, results }: ProbeAnswer, at: string): Ballot {
  const byId = new Map(results.map((result) => [result.id, result]));
  return (instance) => {
    const result = byId.get(instance);
    if (blind || !result) return { vantage, says: "abstains" };
    const tls = result.tls && { tls: { vantage, at, ...result.tls } };
    if (result.good) return { vantage, says: "good", ...tls };
    return { vantage, says: "bad", reason: result.reason ?? "bad", ...tls };
  };
}
