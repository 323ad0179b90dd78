import type { Finding } from "./action.ts";
import { type AutomatedBackup, isSame, type LogBook, type Source } from "./log-book.ts";
import { LEAST_LOSS_BY_LOGS_SECONDS, type LogDemand } from "./log-demand.ts";

/** Begins to have RDS replicate the automated backups of a database to a region, or ends it. */
export type LogAction = ShipLogs | StopLogs;

interface ShipLogs extends Shipped {
  readonly kind: "ship-logs";
  readonly days: number;
}

interface StopLogs extends Shipped {
  readonly kind: "stop-logs";
}

interface Shipped {
  readonly instance: string;
  /** Region that they are shipped to. */
  readonly region: string;
  /** RDS identifier of what they are of. */
  readonly id: string;
  readonly source: Source;
  readonly because: string;
}

/** What an instance's plan and roles want; without a demand nothing is to be shipped. */
export interface LogDesired {
  readonly instance: string;
  readonly primary: Source;
  readonly demand?: LogDemand;
}

export interface LogsReconciled {
  readonly actions: readonly LogAction[];
  readonly findings: readonly Finding[];
  /** The replication that the RPO rests on. */
  readonly shipped?: AutomatedBackup;
}

const MINUTE_MS = 60_000;
/** How long logs may lag, and a first replication or an automated backup be awaited. */
const PATIENCE = { lag: 30 * MINUTE_MS, first: 6 * 60 * MINUTE_MS } as const;
/** Beyond what is usual even where the RPO is tight. */
const LAG_MS = 2000 * LEAST_LOSS_BY_LOGS_SECONDS;

/**
 * What has to be done so that the newest logs of an instance lie in another region, if its RPO needs that. What was begun for an old
 * primary ends only once the new one's can be restored. Pure; changes nothing that lacks our tags.
 */
export function reconcileLogs(desired: LogDesired, book: LogBook, nowMs: number): LogsReconciled {
  const { primary, demand } = desired;
  const shipped = demand && best(book.of(primary), demand.places);
  const actions = [
    ...stopsOf(desired, book, shipped),
    ...(demand && !shipped ? startOf(desired, demand, book) : []),
  ];
  return {
    actions,
    findings: demand ? findingsOf(desired, demand, book, shipped, nowMs) : [],
    ...(shipped && { shipped }),
  };
}

/** The one that could be restored to the newest time, else the first by place: every site comes to the same. */
function best(
  all: readonly AutomatedBackup[],
  places: readonly string[],
): AutomatedBackup | undefined {
  const rank = ({ latest }: AutomatedBackup) => (latest === undefined ? 1 : 0);
  return all
    .filter(({ region }) => places.includes(region))
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) || places.indexOf(one.region) - places.indexOf(other.region),
    )[0];
}

function startOf(
  { instance, primary }: LogDesired,
  { places, days, rpoSeconds }: LogDemand,
  book: LogBook,
): LogAction[] {
  const [region] = places;
  if (region === undefined || !book.keeps(primary)) return [];
  const because = `a lost ${primary.region} may cost ${minutes(rpoSeconds * 1000)}, its schedules give more`;
  const what = { instance, region, id: primary.database, source: primary, days };
  return [{ kind: "ship-logs", ...what, because }];
}

function stopsOf(
  { instance, primary, demand }: LogDesired,
  book: LogBook,
  shipped: AutomatedBackup | undefined,
): LogAction[] {
  const isRestorable = shipped?.latest !== undefined;
  const why = ({ source, region }: AutomatedBackup): string | undefined => {
    if (!demand) return "what was sold is kept without it";
    if (isSame(source, primary) && !demand.places.includes(region)) return "no copies belong there";
    if (!isRestorable) return undefined;
    return `${shipped.region} has those of ${primary.database} up to ${shipped.latest}`;
  };
  return book.ours(instance).flatMap((each) => {
    const isShipped =
      shipped && isSame(each.source, shipped.source) && each.region === shipped.region;
    const because = isShipped ? undefined : why(each);
    if (because === undefined) return [];
    const { region, source } = each;
    return [{ kind: "stop-logs", instance, region, id: source.database, source, because }];
  });
}

function findingsOf(
  { instance, primary }: LogDesired,
  { places, rpoSeconds }: LogDemand,
  book: LogBook,
  shipped: AutomatedBackup | undefined,
  nowMs: number,
): readonly Finding[] {
  // While its region does not answer nothing is written that could be missing.
  if (!book.hears(primary.region)) return [];
  const region = shipped?.region ?? places[0];
  if (region === undefined) return [];
  if (!(shipped || book.keeps(primary))) {
    const detail = `RDS keeps no automated backup of ${primary.database}: there is nothing to replicate to ${region}`;
    const where = { instance, ...primary };
    return [{ kind: "logs-not-kept", ...where, detail, patienceMs: PATIENCE.first }];
  }
  const common = { kind: "logs-late", instance, region } as const;
  if (shipped?.latest === undefined) {
    const detail = `no replicated log of ${primary.database} can be restored there yet`;
    return [{ ...common, detail, patienceMs: PATIENCE.first }];
  }
  const lagMs = nowMs - Date.parse(shipped.latest);
  const rpoMs = rpoSeconds * 1000;
  // Half of it is left to do something about it.
  if (lagMs <= Math.max(rpoMs / 2, LAG_MS)) return [];
  const detail = `replicated logs of ${primary.database} end ${minutes(lagMs)} ago, the plan allows ${minutes(rpoMs)}`;
  return [{ ...common, detail, patienceMs: Math.min(PATIENCE.lag, rpoMs / 8) }];
}

const minutes = (ms: number) => `${Math.round(ms / MINUTE_MS)} min`;
