import { FAILOVER_MACHINE } from "../../functions/failover/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import type { Instance } from "../sla/fleet.ts";
import type { DrillRun } from "./drill.ts";
import { eventually } from "./eventually.ts";
import type { Stakes } from "./promises.ts";
import type { TimelineEntry } from "./result.ts";
import { station } from "./timeline.ts";
import { runningFailovers } from "./witness.ts";

/** How much longer than its deadline a failover may take before the run is given up, real seconds. */
const PATIENCE_SECONDS = 60;
/** After a failover that failed, clients that were led over all the same get this long to write, real. */
const AFTERMATH_MS = 3000;

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
export async function untilOver(watching: Watching): Promise<void> {
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
    .of("ExecutionFailed")
    .find(({ at, detail }) => at >= faultAt && isFailover(detail));
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
  const { log } = run.stage.cloud.ground;
  const signs = lacksMail(run)
    ? log.of("ExecutionFailed")
    : log
        .of("EmailDelivered")
        .filter(({ detail }) => /failover halted/i.test(String(detail["subject"])));
  const sign = signs.find(({ at }) => at >= faultAt);
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
  const since = (operation: string) =>
    run.stage.cloud.ground.log.of(operation).filter(({ at }) => at >= faultAt);
  const failed = since("ExecutionFailed").some(({ detail }) => isFailover(detail));
  const succeeded =
    since("ExecutionSucceeded").filter(({ detail }) => isFailover(detail)).length >= hit.length;
  const subjects = since("EmailDelivered").map(({ detail }) => String(detail["subject"]));
  const told = hit.every(({ id }) =>
    subjects.some((subject) => /failover done/i.test(subject) && subject.includes(id)),
  );
  if (runningFailovers(run.stage) > 0) return undefined;
  return failed || (succeeded && (told || lacksMail(run))) ? true : undefined;
}
