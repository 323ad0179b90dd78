import { setTimeout as pause } from "node:timers/promises";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import type { Instance } from "../sla/fleet.ts";
import { waitsSeconds } from "../sla/waits.ts";
import type { Absence } from "./absences.ts";
import { answersAgain, makeGood } from "./aftermath.ts";
import { type ByHand, byHand, known } from "./by-hand.ts";
import { afterReturn, type Comeback } from "./comeback.ts";
import { disasterOf, type Fault } from "./faults.ts";
import { concludeAll } from "./findings.ts";
import { firstBackupsTaken } from "./first-backups.ts";
import { cpuTimes, type MachineUse, useBetween } from "./machine.ts";
import { type Stakes, stakesOf } from "./promises.ts";
import { type Repayment, repayment } from "./repay.ts";
import { canBeRestored } from "./restorable.ts";
import type { DrillResult, TimelineEntry } from "./result.ts";
import { giveBack, livingIn, sceneOf } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { goBack, type WayBack } from "./there-and-back.ts";
import { station, tellEvent } from "./timeline.ts";
import { untilOver } from "./until-over.ts";
import { everyVantageSawHealthy, resolveNames } from "./witness.ts";

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
  /** Where nothing else makes the fault good: what a person did. */
  readonly byHand?: ByHand;
  /** All that the fault hit, the chosen one among them. */
  readonly hit: readonly Instance[];
  /** By instance, where a region was lost: what followed its return. */
  readonly comebacks?: ReadonlyMap<string, Comeback>;
  /** Present if DNS was moved by a flag: what followed when the API was back. */
  readonly repayment?: Repayment;
  readonly machine: MachineUse | null;
}

/** Waits for a healthy fleet, breaks one thing, looks on until it is over, and judges. */
export async function runDrill(run: DrillRun): Promise<DrillResult> {
  const { stage, victim, fault } = run;
  const { fleet, cloud, estate } = stage;
  const { pace } = cloud.ground;
  const stakes = stakesOf(fleet, victim, pace.factor, disasterOf(fault));
  const { before, healthy } = await calm(run);
  // Anywhere between two looks: right after one would always be the worst case, or always the best.
  await pause(Math.random() * pace.ms(stakes.plan.watch.everySeconds));
  const faultAt = Date.now();
  const cpuThen = await cpuTimes();
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
  await breakThings(run, hit, tell);
  const watching = { run, stakes, faultAt, tell, hit };
  const person = healthy && (await byHand(watching, healthy));
  if (!person) await untilOver(watching);
  const comebacks = await comeback(run, stakes, hit, tell);
  const repaid = await repayment(run, tell);
  const endedAt = Date.now();
  const cpuNow = await cpuTimes();
  const refused = cloud.ground.throttles.end();
  if (refused > 0) tell(station(endedAt, "cloud", `${refused} calls had been throttled`));
  await makeGood(stage, run.without ?? [], tell);
  const wayBack = await homeward(run, tell);
  silence();
  cloud.services.stopSchedules();
  await estate.writers.stop();
  const waits = { plan: stakes.plan, ttlSeconds: victim.dns.ttl, pace: pace.factor };
  return concludeAll({
    ...{ run, stakes, timeline, faultAt, endedAt, before, hit },
    waitsSeconds: waitsSeconds(waits),
    machine: useBetween(cpuThen, cpuNow),
    events: cloud.ground.log.all(),
    ...(comebacks && { comebacks }),
    ...(repaid && { repayment: repaid }),
    ...(wayBack && { wayBack }),
    ...(person && { byHand: person }),
  });
}

/** Waits until nothing is amiss, and remembers what a recovery is measured by. */
async function calm(run: DrillRun) {
  const { stage, fault, victim, progress } = run;
  await firstBackupsTaken(stage, progress);
  await canBeRestored(stage, fault, victim, progress);
  progress("waiting until every vantage has seen the fleet healthy");
  await everyVantageSawHealthy(stage, progress);
  const before = await resolveNames(stage);
  return { before, healthy: fault.restores && (await known(run)) };
}

async function breakThings(
  { stage, victim, fault, without = [] }: DrillRun,
  hit: readonly Instance[],
  tell: (entry: TimelineEntry) => void,
): Promise<void> {
  const { fleet, cloud, estate } = stage;
  for (const each of hit) {
    const { address } = cloud.services.rds.server(each.home, each.database.primary);
    estate.writeStale(each, address);
  }
  for (const absence of without) {
    tell(station(Date.now(), "fault", absence.begins));
    absence.begin(cloud);
  }
  await fault.inject(sceneOf(cloud, estate, fleet, victim));
}

async function homeward(run: DrillRun, tell: (entry: TimelineEntry) => void) {
  if (run.thereAndBack === undefined) return undefined;
  answersAgain(run.stage, run.without ?? [], tell);
  return goBack(run, run.thereAndBack, tell);
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
