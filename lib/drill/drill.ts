import { setTimeout as pause } from "node:timers/promises";
import { FAILOVER_MACHINE } from "../../functions/failover/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import type { Instance } from "../sla/fleet.ts";
import { waitsSeconds } from "../sla/waits.ts";
import type { Absence } from "./absences.ts";
import { makeGood } from "./aftermath.ts";
import { afterReturn, type Comeback } from "./comeback.ts";
import { eventually } from "./eventually.ts";
import type { Fault } from "./faults.ts";
import { concludeAll } from "./findings.ts";
import { type Stakes, stakesOf } from "./promises.ts";
import { type Repayment, repayment } from "./repay.ts";
import type { DrillResult, TimelineEntry } from "./result.ts";
import { giveBack, livingIn, sceneOf } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { goBack, type WayBack } from "./there-and-back.ts";
import { station, tellEvent } from "./timeline.ts";
import { everyVantageSawHealthy, resolveNames, runningFailovers } from "./witness.ts";

export interface DrillRun {
  readonly stage: Stage;
  readonly victim: Instance;
  readonly fault: Fault;
  /** What hangs from the fault on. */
  readonly without?: readonly Absence[];
  /** After the failover: rows to be written there before the instance is moved back home. Absent: it stays. */
  readonly thereAndBack?: number;
  /** Told of every line of the timeline as it happens; `zero` is the fault's instant. */
  readonly tell: (entry: TimelineEntry, zero: number) => void;
  readonly progress: (line: string) => void;
}

/** What happened between the fault and the end of the run. */
export interface Happening {
  readonly run: DrillRun;
  readonly stakes: Stakes;
  readonly waitsSeconds: number;
  readonly timeline: readonly TimelineEntry[];
  readonly events: readonly CloudEvent[];
  readonly faultAt: number;
  readonly endedAt: number;
  readonly before: ReadonlyMap<string, string>;
  readonly wayBack?: WayBack;
  /** All that the fault hit, the chosen one among them. */
  readonly hit: readonly Instance[];
  /** By instance, where a region was lost: what followed its return. */
  readonly comebacks?: ReadonlyMap<string, Comeback>;
  /** Present if DNS was moved by a flag: what followed when the API was back. */
  readonly repayment?: Repayment;
}

/** How much longer than its deadline a failover may take before the run is given up, real seconds. */
const PATIENCE_SECONDS = 60;
/** After a failover that failed, clients that were led over all the same get this long to write, real. */
const AFTERMATH_MS = 3000;

/** Waits for a healthy fleet, breaks one thing, looks on until it is over, and judges. */
export async function runDrill(run: DrillRun): Promise<DrillResult> {
  const { stage, victim, fault } = run;
  const { fleet, cloud, estate } = stage;
  const { pace } = cloud.ground;
  const stakes = stakesOf(fleet, victim, pace.factor);
  run.progress("waiting until every vantage has seen the fleet healthy");
  await everyVantageSawHealthy(stage, run.progress);
  const before = await resolveNames(stage);
  // Anywhere between two looks: right after one would always be the worst case, or always the best.
  await pause(Math.random() * pace.ms(stakes.plan.watch.everySeconds));
  const faultAt = Date.now();
  const timeline: TimelineEntry[] = [];
  const tell = (entry: TimelineEntry) => {
    timeline.push(entry);
    run.tell(entry, faultAt);
  };
  const silence = cloud.ground.log.listen((event) => {
    const entry = tellEvent(event);
    if (entry) tell(entry);
  });
  tell(station(faultAt, "fault", `${victim.id}: ${fault.title}`));
  const hit = hitBy(run);
  for (const each of hit) {
    const { address } = cloud.services.rds.server(each.home, each.database.primary);
    estate.writeStale(each, address);
  }
  for (const absence of run.without ?? []) {
    tell(station(Date.now(), "fault", absence.begins));
    absence.begin(cloud);
  }
  await fault.inject(sceneOf(cloud, estate, fleet, victim));
  await untilOver({ run, stakes, faultAt, tell, hit });
  const comebacks = await comeback(run, stakes, hit, tell);
  const repaid = await repayment(run, tell);
  const endedAt = Date.now();
  const refused = cloud.ground.throttles.end();
  if (refused > 0) tell(station(endedAt, "cloud", `${refused} calls had been throttled`));
  await makeGood(stage, run.without ?? [], tell);
  const wayBack =
    run.thereAndBack === undefined ? undefined : await goBack(run, run.thereAndBack, tell);
  silence();
  cloud.services.stopSchedules();
  await estate.writers.stop();
  const waits = { plan: stakes.plan, ttlSeconds: victim.dns.ttl, pace: pace.factor };
  return concludeAll({
    ...{ run, stakes, timeline, faultAt, endedAt, before, hit },
    waitsSeconds: waitsSeconds(waits),
    events: cloud.ground.log.all(),
    ...(comebacks && { comebacks }),
    ...(repaid && { repayment: repaid }),
    ...(wayBack && { wayBack }),
  });
}

/** Of a lost region only those that recover by themselves: the others are told of, and nothing moves. */
function hitBy({ stage, victim, fault }: DrillRun): readonly Instance[] {
  if (fault.hits !== "region") return [victim];
  const recovering = livingIn(stage.fleet, victim.home).filter((each) => {
    const plan = stage.fleet.plans[each.plan];
    return plan && fault.expects(each, plan) === "failover";
  });
  return recovering.some(({ id }) => id === victim.id) ? recovering : [victim];
}

/** Undefined where no region was lost, or nobody was promoted away from it. */
async function comeback(
  { stage, victim, fault }: DrillRun,
  { plan }: Stakes,
  hit: readonly Instance[],
  tell: (entry: TimelineEntry) => void,
) {
  if (fault.hits !== "region" || fault.expects(victim, plan) !== "failover") return undefined;
  const returnedAt = Date.now();
  tell(station(returnedAt, "cloud", `${victim.home} is back, its APIs and its databases together`));
  giveBack(stage.cloud, victim.home);
  return afterReturn(stage, hit, returnedAt, tell);
}

interface Watching {
  readonly run: DrillRun;
  readonly stakes: Stakes;
  readonly faultAt: number;
  readonly tell: (entry: TimelineEntry) => void;
  readonly hit: readonly Instance[];
}

/**
 * A failover is over when clients write again and it is recorded, one that halts when people have been
 * told, a quiet night when the RTO has passed.
 */
async function untilOver(watching: Watching): Promise<void> {
  const { run, stakes, faultAt } = watching;
  const deadlineMs = (stakes.deadlineSeconds ?? 0) * 1000;
  const expected = run.fault.expects(run.victim, stakes.plan);
  if (expected === "alert" || expected === "nothing") {
    const quiet = () => (Date.now() - faultAt >= deadlineMs ? true : undefined);
    const stillWaiting = () =>
      run.progress(`watching on, ${secondsUntil(faultAt + deadlineMs)} to go`);
    await eventually("the divided RTO to pass", deadlineMs + 10_000, quiet, { stillWaiting });
    return;
  }
  const patienceMs = deadlineMs + PATIENCE_SECONDS * 1000;
  try {
    if (expected === "halt") {
      await eventually("the mail of a failover that halted", patienceMs, () => haltTold(watching));
      return;
    }
    const waiting = new Set(watching.hit);
    const decided = () => {
      for (const each of waiting) if (served(watching, each)) waiting.delete(each);
      return waiting.size === 0 || halted(watching);
    };
    await eventually("a write on the new primary", patienceMs, decided);
    await eventually("the recorded failover", patienceMs, () => settled(watching));
  } catch (cause) {
    watching.tell(station(Date.now(), "gave up", cause instanceof Error ? cause.message : ""));
  }
}

const secondsUntil = (at: number) => `${Math.max(0, Math.ceil((at - Date.now()) / 1000))} s`;

/** Tells that the failover stopped for a human: by itself it goes nowhere from there. */
function halted({ run, faultAt, tell }: Watching): true | undefined {
  const failure = run.stage.cloud.ground.log
    .all()
    .find(
      ({ at, service, operation, detail }) =>
        at >= faultAt &&
        service === "states" &&
        operation === "ExecutionFailed" &&
        isFailover(detail),
    );
  // A second one, begun beside a first that goes on, may have found the lock taken: that ends nothing.
  if (!failure || Date.now() - failure.at < AFTERMATH_MS || runningFailovers(run.stage) > 0) {
    return undefined;
  }
  tell(station(Date.now(), "gave up", "the failover has ended without a write on the new primary"));
  return true;
}

/** Another machine builds the new standby afterwards; it is judged where it is asked for. */
const isFailover = ({ machine }: CloudEvent["detail"]) => machine === FAILOVER_MACHINE;

/** People have read why it stopped, or could if mails left, and for a while nothing has gone on in spite of it. */
function haltTold({ run, faultAt }: Watching): true | undefined {
  const sign = run.stage.cloud.ground.log
    .all()
    .find(
      ({ at, operation, detail }) =>
        at >= faultAt &&
        (lacksMail(run)
          ? operation === "ExecutionFailed"
          : operation === "EmailDelivered" && /failover halted/i.test(String(detail["subject"]))),
    );
  return sign && Date.now() - sign.at >= AFTERMATH_MS ? true : undefined;
}

const lacksMail = ({ without = [] }: DrillRun) => without.some(({ kind }) => kind === "sns");

/** Tells the first acknowledgement of the new primary, once. */
function served({ run, tell }: Watching, instance: Instance): true | undefined {
  const { cloud, estate } = run.stage;
  const { standby, database, id } = instance;
  if (standby === undefined || database.standby === undefined) return undefined;
  const { address } = cloud.services.rds.server(standby, database.standby);
  const first = estate.writers.acknowledged(id).find(({ server }) => server === address);
  if (!first) return undefined;
  tell(station(first.at, "service", `first write acknowledged by ${database.standby}`));
  return true;
}

/** Every execution has succeeded and its mail has left, or one has ended otherwise. */
function settled({ run, faultAt, hit }: Watching): true | undefined {
  const since = run.stage.cloud.ground.log.all().filter(({ at }) => at >= faultAt);
  const has = (test: (event: CloudEvent) => boolean) => since.some(test);
  const failed = has(
    ({ service, operation, detail }) =>
      service === "states" && operation === "ExecutionFailed" && isFailover(detail),
  );
  const succeeded =
    since.filter(
      ({ operation, detail }) => operation === "ExecutionSucceeded" && isFailover(detail),
    ).length >= hit.length;
  const told = hit.every(({ id }) =>
    has(({ operation, detail }) => {
      const subject = String(detail["subject"]);
      return (
        operation === "EmailDelivered" && /failover done/i.test(subject) && subject.includes(id)
      );
    }),
  );
  const stopped = failed && runningFailovers(run.stage) === 0;
  return stopped || (succeeded && (told || lacksMail(run))) ? true : undefined;
}
