import type { Seat } from "../../lib/sla/roles.ts";
import type { Reading, SqlResult, SqlTarget } from "../sql/contract.ts";
import type { RegionView } from "./addresses.ts";
import type { Endpoint, Pulse } from "./ports.ts";
import type { Asked } from "./sign-of-life.ts";
import { type Subject, seatsOf, sqlTarget } from "./subject.ts";

/** What asking brought, by seat and instance. */
export type Servers = (seat: Seat, instance: string) => Asked;

interface Question {
  readonly subject: Subject;
  readonly seat: Seat;
}

/** Asks every server of the subjects, one request a region. Never rejects. */
export async function askServers(
  subjects: readonly Subject[],
  views: ReadonlyMap<string, RegionView>,
  { pulse }: { readonly pulse: Pulse },
): Promise<Servers> {
  const questions = subjects.flatMap((subject) =>
    seatsOf(subject.roles).map((seat): Question => ({ subject, seat })),
  );
  const answers = await Promise.all(
    [...Map.groupBy(questions, ({ seat }) => seat.region)].map(async ([region, asked]) => {
      const view = views.get(region);
      return view ? await askRegion(region, asked, view, pulse) : [];
    }),
  );
  const bySeat = new Map(answers.flat());
  return (seat, instance) => bySeat.get(keyOf(seat, instance)) ?? { kind: "unasked" };
}

type Answer = readonly [key: string, asked: Asked];

async function askRegion(
  region: string,
  questions: readonly Question[],
  view: RegionView,
  pulse: Pulse,
): Promise<readonly Answer[]> {
  const endpoints = await endpointsOf(questions, view);
  if (!endpoints) return [];
  const gone = questions.filter(({ seat }) => !endpoints.has(seat.database));
  const targets = questions.flatMap((question) => targetOf(question, endpoints));
  // Even where the API of RDS fails: our function there may know better than it who lives.
  const results = targets.length > 0 ? await pulse.read(region, targets).catch(() => []) : [];
  const seats = new Map(questions.map(({ subject, seat }) => [subject.roles.instance, seat]));
  return [
    // Described and not there: deleted. Nothing answers at an address that does not exist.
    ...gone.map(({ subject, seat }) => answer(seat, subject.roles.instance, "unreachable")),
    ...results.flatMap((result): Answer[] => {
      const seat = seats.get(result.instance);
      return seat ? [[keyOf(seat, result.instance), askedIn(result)]] : [];
    }),
  ];
}

/** The known ones if they name every server, else those of the description under way. */
async function endpointsOf(questions: readonly Question[], { known, refreshed }: RegionView) {
  if (known && questions.every(({ seat }) => known.has(seat.database))) return known;
  return (await refreshed).endpoints ?? known;
}

function targetOf(
  { subject, seat }: Question,
  endpoints: ReadonlyMap<string, Endpoint>,
): SqlTarget[] {
  const endpoint = endpoints.get(seat.database);
  return endpoint ? [sqlTarget(subject, endpoint)] : [];
}

const askedIn = (result: SqlResult<Reading>): Asked =>
  result.ok ? { kind: "answered", reading: result.value } : { kind: result.failure.kind };

const answer = (seat: Seat, instance: string, kind: "unreachable"): Answer => [
  keyOf(seat, instance),
  { kind },
];

const keyOf = ({ region }: Seat, instance: string) => `${region} ${instance}`;
