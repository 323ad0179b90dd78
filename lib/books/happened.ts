import { z } from "zod";
import type {
  FailoverHappened,
  FailoverNoted,
  GameDayHappened,
  ImageTestHappened,
  IncidentHappened,
  TestHappened,
} from "../sla/books/happenings.ts";
import type { Span } from "../sla/books/month.ts";

/** What lies under a key; undefined where it is torn. */
export type Read = unknown;
export type Found<T> = T | "unreadable";

export const instant = z.iso.datetime({ offset: true });
const seconds = z.number().min(0);

const incident = z.object({
  instance: z.string(),
  incident: z.string(),
  firstBadAt: instant,
  openedAt: instant.optional(),
  firstGoodAt: instant.optional(),
  closedAt: instant.optional(),
  failovers: z
    .array(
      z.object({ id: z.string(), outcome: z.enum(["done", "halted", "settled"]), at: instant }),
    )
    .optional(),
});

/** Several sites keep a copy of it, and none needs to know all: what one of them knows is known. */
export function incidentOf(
  instance: string,
  key: string,
  copies: readonly Read[],
): Found<IncidentHappened> {
  const read = copies.flatMap((copy) => incident.safeParse(copy).data ?? []);
  const own = read.filter((each) => each.instance === instance);
  const [first] = own;
  if (!first) return "unreadable";
  const notes = new Map(
    own
      .flatMap(({ failovers = [] }) => failovers)
      .map(({ id, outcome, at }): [string, FailoverNoted] => [
        `${at} ${id} ${outcome}`,
        { id, outcome, at },
      ]),
  );
  const known = (of: (each: (typeof own)[number]) => string | undefined) =>
    own
      .flatMap((each) => of(each) ?? [])
      .toSorted((one, other) => Date.parse(one) - Date.parse(other));
  return {
    ...{ key, incident: first.incident },
    firstBadAt: known(({ firstBadAt }) => firstBadAt)[0] ?? first.firstBadAt,
    openedAt: known(({ openedAt }) => openedAt)[0],
    firstGoodAt: known(({ firstGoodAt }) => firstGoodAt).at(-1),
    closedAt: known(({ closedAt }) => closedAt).at(-1),
    notes: [...notes].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, note]) => note),
  };
}

/** Whether some of it lies in the span. */
export const isWithin = (
  { firstBadAt, closedAt }: Pick<IncidentHappened, "firstBadAt" | "closedAt">,
  { fromMs, toMs }: Span,
): boolean =>
  Date.parse(firstBadAt) < toMs && (closedAt === undefined || Date.parse(closedAt) > fromMs);

const failover = z.object({
  id: z.string(),
  request: z.object({
    instance: z.string(),
    incident: z.string(),
    planned: z.literal(true).optional(),
    recovery: z.object({ at: z.string().optional() }).optional(),
  }),
  evidence: z
    .object({ primary: z.object({ answered: z.boolean(), kind: z.string().optional() }) })
    .optional()
    .catch(undefined),
  goodAt: instant,
  measured: z.object({
    rtoSeconds: seconds,
    rpoSeconds: seconds.optional(),
    rpoProvisional: z.literal(true).optional(),
  }),
  timeline: z.array(z.object({ step: z.string(), at: instant })).default([]),
});

/** @param settled ids of those whose old primary was fenced afterwards */
export function failoverIn(
  instance: string,
  key: string,
  [copy]: readonly Read[],
  settled: ReadonlySet<string>,
): Found<FailoverHappened> {
  const read = failover.safeParse(copy).data;
  if (read?.request.instance !== instance) return "unreadable";
  const { id, request, goodAt, measured, timeline } = read;
  const asked = request.planned ? "planned" : "failover";
  return {
    ...{ key, id, incident: request.incident, goodAt },
    kind: request.recovery ? "recovery" : asked,
    ...(request.recovery && { lost: lostOf(read) }),
    ...{ rtoSeconds: measured.rtoSeconds, rpoSeconds: measured.rpoSeconds },
    isProvisional: measured.rpoProvisional === true && !settled.has(id),
    steps: timeline.map(({ step, at }) => ({ step, at })),
  };
}

/** As the primary was found when what was restored stood ready, and nothing had been changed yet. */
function lostOf({ request, evidence }: z.infer<typeof failover>) {
  const { answered, kind } = evidence?.primary ?? {};
  if (answered) return request.recovery?.at === undefined ? "server" : "data";
  return kind === "region" ? "site" : "server";
}

const test = z.object({
  instance: z.string(),
  backup: z.string(),
  region: z.string(),
  ok: z.boolean(),
  endedAt: instant,
  takenAt: instant.optional(),
  restoreSeconds: seconds.optional(),
  rows: z.number().optional(),
  frozen: z.object({}).optional(),
});

export function testIn(
  instance: string,
  key: string,
  [copy]: readonly Read[],
): Found<TestHappened> {
  const read = test.safeParse(copy).data;
  if (read?.instance !== instance) return "unreadable";
  const { instance: _, frozen, ...found } = read;
  return { key, ...found, froze: frozen !== undefined };
}

const imageTest = z.object({
  instance: z.string(),
  image: z.string(),
  region: z.string(),
  ok: z.boolean(),
  endedAt: instant,
  takenAt: instant.optional(),
  bootSeconds: seconds.optional(),
});

export function imageTestIn(
  instance: string,
  key: string,
  [copy]: readonly Read[],
): Found<ImageTestHappened> {
  const read = imageTest.safeParse(copy).data;
  if (read?.instance !== instance) return "unreadable";
  const { instance: _, ...found } = read;
  return { key, ...found };
}

const gameDay = z.object({
  instance: z.string(),
  id: z.string(),
  outcome: z.enum(["recovered", "called-off", "unserved"]),
  ok: z.boolean(),
  endedAt: instant,
  failover: z.string().optional(),
  rtoSeconds: seconds.optional(),
});

export function gameDayIn(
  instance: string,
  key: string,
  [copy]: readonly Read[],
): Found<GameDayHappened> {
  const read = gameDay.safeParse(copy).data;
  if (read?.instance !== instance) return "unreadable";
  const { instance: _, ...found } = read;
  return { key, ...found };
}
