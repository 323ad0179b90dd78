import { resolve } from "node:path";
import { expect, vi } from "vitest";
import { absenceOf } from "../../lib/drill/absences.ts";
import { denialsIn } from "../../lib/drill/denials.ts";
import { type DrillRun, runDrill } from "../../lib/drill/drill.ts";
import { eventually } from "../../lib/drill/eventually.ts";
import { conclude } from "../../lib/drill/findings.ts";
import { chooseFault, chooseVictim } from "../../lib/drill/options.ts";
import { stakesOf } from "../../lib/drill/promises.ts";
import type { DrillResult } from "../../lib/drill/result.ts";
import { sceneOf } from "../../lib/drill/scene.ts";
import { type Stage, type StageOptions, setStage } from "../../lib/drill/stage.ts";
import { resolveNames } from "../../lib/drill/witness.ts";
import type { CloudEvent } from "../../lib/local-cloud/event-log.ts";
import { waitsSeconds } from "../../lib/sla/waits.ts";

/** The fleet on a fresh local cloud, schedules firing. Its end fails if a role was refused anything. */
export async function onStage(
  fleetFile: string,
  pace: number,
  options: Pick<StageOptions, "keepsBackups"> = {},
): Promise<Stage> {
  const stage = await setStage({
    fleetFile: resolve(fleetFile),
    pace,
    keep: false,
    progress: () => {},
    ...options,
  });
  stage.cloud.services.startSchedules();
  return {
    ...stage,
    async close() {
      await stage.close();
      expect(denialsIn(stage.cloud.ground.log.all())).toEqual([]);
    },
  };
}

const SILENT = { tell: () => {}, progress: () => {} };

/** The whole drill, after which nothing is scheduled and nobody writes any more. */
export function drill(
  stage: Stage,
  fault: string,
  instance?: string,
  without: readonly string[] = [],
): Promise<DrillResult> {
  const victim = chooseVictim(stage.fleet, instance);
  const absences = without.map((name) => absenceOf(name, stage.fleet, victim));
  return runDrill({ stage, victim, fault: chooseFault(fault), without: absences, ...SILENT });
}

/**
 * What a drill does where nothing may move, on a cloud that goes on: break instances (`[fault, instance]`),
 * look on for `seconds`, judge each.
 */
export async function lookOn(
  stage: Stage,
  seconds: number,
  ...broken: readonly (readonly [fault: string, instance: string])[]
): Promise<DrillResult[]> {
  const { fleet, cloud, estate } = stage;
  const before = await resolveNames(stage);
  const faultAt = Date.now();
  const runs: DrillRun[] = broken.map(([fault, id]) => {
    return { stage, victim: chooseVictim(fleet, id), fault: chooseFault(fault), ...SILENT };
  });
  for (const { victim, fault } of runs) await fault.inject(sceneOf(cloud, estate, fleet, victim));
  const end = faultAt + seconds * 1000;
  const over = () => Date.now() >= end || undefined;
  await eventually("the end of the watch", end - Date.now() + 10_000, over);
  const endedAt = Date.now();
  const events = [...cloud.ground.log.all()];
  const pace = cloud.ground.pace.factor;
  return Promise.all(
    runs.map((run) => {
      const stakes = stakesOf(fleet, run.victim, pace);
      const { plan } = stakes;
      const waits = waitsSeconds({ plan, ttlSeconds: run.victim.dns.ttl, pace });
      const seen = { timeline: [], events, faultAt, endedAt, before };
      const whole = { machine: null, hit: [run.victim], ...seen };
      return conclude({ run, stakes, waitsSeconds: waits, ...whole });
    }),
  );
}

/** Names of the checks that did not hold, with what was found. */
export const unmet = ({ checks }: DrillResult): string[] =>
  checks.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${found}`);

export const eventsOf = (stage: Stage, service: string, operation: string): CloudEvent[] =>
  stage.cloud.ground.log.of(operation).filter((event) => event.service === service);

/** The newest mail whose subject matches, to `recipient` if one is named; waits a minute and a half, then says what was sent. */
export const mailed = (stage: Stage, subject: RegExp, recipient?: string) =>
  vi.waitFor(
    () => {
      const sent = eventsOf(stage, "sns", "EmailDelivered").map(({ detail }) => detail);
      const mail = sent.findLast(
        ({ to, subject: line }) =>
          (recipient === undefined || to === recipient) && subject.test(String(line)),
      );
      if (mail) return mail;
      const halts = eventsOf(stage, "states", "ExecutionFailed").map(
        ({ detail }) => detail["cause"],
      );
      const lines = sent.map(({ to, subject: line }) => `${to}: ${line}`);
      throw new Error([`no mail ${subject}; sent so far:`, ...lines, ...halts].join("\n"));
    },
    { timeout: 90_000, interval: 100 },
  );
