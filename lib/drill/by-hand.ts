import { setTimeout as pause } from "node:timers/promises";
import { RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import type { Roles } from "../sla/roles.ts";
import { PAGE_TABLE } from "./application-sql.ts";
import type { DrillRun } from "./drill.ts";
import { eventually } from "./eventually.ts";
import { type Begun, recoverWords, typed } from "./person.ts";
import type { Stakes } from "./promises.ts";
import { logsReach } from "./restorable.ts";
import type { TimelineEntry } from "./result.ts";
import { newestRoles } from "./roles-now.ts";
import { station } from "./timeline.ts";

/** What a person did about a fault that nothing else makes good. Instants are milliseconds since 1970. */
export interface ByHand {
  readonly toldAt: number | null;
  readonly askedAt: number | null;
  readonly command: string | null;
  readonly begun?: Begun;
  /** What they went back to, where they undo something. */
  readonly wentBackTo?: number;
  readonly before: Roles;
  /** Visits that the page had counted before the fault. */
  readonly visits: number;
  readonly failure?: string;
}

interface Watching {
  readonly run: DrillRun;
  readonly stakes: Stakes;
  readonly faultAt: number;
  readonly tell: (entry: TimelineEntry) => void;
}

/** What has to be known of a healthy instance before anything breaks. */
export type Known = Pick<ByHand, "before" | "visits">;

/** RDS restores to whole seconds: one of them passes between what is known and the fault. */
const SECOND_MS = 1000;

export async function known(run: DrillRun): Promise<Known> {
  const before = await newestRoles(run);
  const visits = await visitsOn(run, before.primary.region, before.primary.database);
  await pause(SECOND_MS);
  return { before, visits };
}

export async function visitsOn(
  { stage, victim }: Pick<DrillRun, "stage" | "victim">,
  region: string,
  server: string,
): Promise<number> {
  const sum = `select coalesce(sum(visits), 0) as visits from ${PAGE_TABLE}`;
  const [row] = await stage.cloud.services.rds.adminQuery(
    ...([region, server, sum, [], victim.database.name] as const),
  );
  return Number(row?.["visits"]);
}

/** How much longer than its deadline a recovery may take before the run is given up, real milliseconds. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
/** Clients write to what was restored for a while: what is wrong with it may show late. */
const AFTERMATH_MS = 2000;

/** Waits until people have been told, acts as one of them would, and looks on until clients are served and it is recorded. */
export async function byHand(watching: Watching, before: Known): Promise<ByHand> {
  const { run, tell } = watching;
  const nothing = { ...before, toldAt: null, askedAt: null, command: null };
  let so: ByHand = nothing;
  try {
    const toldAt = await told(watching);
    const wentBackTo = await instantMeant(watching);
    const at = wentBackTo === undefined ? undefined : new Date(wentBackTo).toISOString();
    const words = recoverWords(run, at);
    const command = `npx sla ${words.join(" ")}`;
    const askedAt = Date.now();
    tell(station(askedAt, "person", command));
    so = { ...before, toldAt, askedAt, command, ...(wentBackTo !== undefined && { wentBackTo }) };
    const begun = await typed(run, words);
    so = { ...so, begun };
    await served(watching, begun);
    await recorded(watching, begun);
    await pause(AFTERMATH_MS);
    return so;
  } catch (cause) {
    const failure = (cause as Error).message;
    tell(station(Date.now(), "gave up", failure));
    return { ...so, failure };
  }
}

/** What a person acts on: that it is theirs to act, or that the database lives and the page does not. */
const CALLS = /a person has to recover|application down/i;

async function told(watching: Watching): Promise<number> {
  const { run, faultAt } = watching;
  const { id } = run.victim;
  const { at } = await patiently(watching, "a mail that calls for a person", () =>
    run.stage.cloud.ground.log.of("EmailDelivered").find(({ at, detail }) => {
      const subject = String(detail["subject"]);
      return at >= faultAt && subject.includes(id) && CALLS.test(subject);
    }),
  );
  return at;
}

/** RDS restores to a whole second; a person takes the last one before, and waits until RDS has logs of it. */
async function instantMeant(watching: Watching): Promise<number | undefined> {
  const { run, faultAt } = watching;
  if (run.fault.restores !== "just before") return undefined;
  const meant = Math.floor(faultAt / SECOND_MS) * SECOND_MS;
  await patiently(watching, "logs that reach the fault", async () => {
    const latest = await logsReach(run.stage, run.victim);
    return latest !== undefined && latest.getTime() >= meant ? true : undefined;
  });
  return meant;
}

/** Tells the first write that what was restored has acknowledged. */
async function served(watching: Watching, { region, name, takes }: Begun): Promise<void> {
  const { run, tell } = watching;
  const { cloud, estate } = run.stage;
  const first = await unlessStopped(watching, name, "a write on what was restored", () => {
    // Looked up each time: there is no server before there is a database.
    const { address } = cloud.services.rds.server(region, takes.database);
    return estate.writers.acknowledged(run.victim.id).find(({ server }) => server === address);
  });
  tell(station(first.at, "service", `first write acknowledged by ${takes.database}`));
}

async function recorded(watching: Watching, { name }: Begun): Promise<void> {
  const { run, faultAt } = watching;
  const { log } = run.stage.cloud.ground;
  await unlessStopped(watching, name, "the recorded recovery", () => {
    const isDone = log.of("ExecutionSucceeded").some(({ detail }) => detail["execution"] === name);
    const isTold = log
      .of("EmailDelivered")
      .some(
        ({ at, detail }) =>
          at >= faultAt &&
          /failover done/i.test(String(detail["subject"])) &&
          String(detail["subject"]).includes(run.victim.id),
      );
    return isDone && isTold ? true : undefined;
  });
}

/** Once the recovery has stopped it goes nowhere by itself: throws Error with its code. */
async function unlessStopped<T>(
  watching: Watching,
  name: string,
  what: string,
  look: () => T | undefined,
): Promise<T> {
  const found = await patiently(
    watching,
    what,
    () => stopOf(watching.run, name) ?? onlyIfThere(look()),
  );
  if ("stopped" in found) throw new Error(`the recovery stopped: ${found.stopped}`);
  return found.value;
}

const onlyIfThere = <T>(value: T | undefined) => (value === undefined ? undefined : { value });

const ENDED_BADLY = /^Execution(Failed|TimedOut|Aborted)$/;

function stopOf({ stage }: DrillRun, name: string): { readonly stopped: string } | undefined {
  const end = stage.cloud.ground.log
    .all()
    .find(
      ({ operation, detail }) =>
        ENDED_BADLY.test(operation) &&
        detail["machine"] === RECOVER_MACHINE &&
        detail["execution"] === name,
    );
  return end && { stopped: String(end.detail["error"] ?? end.operation) };
}

function patiently<T>(
  { run, stakes, faultAt }: Watching,
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = faultAt + (stakes.deadlineSeconds ?? 0) * 1000 + PATIENCE_MS;
  const stillWaiting = () => run.progress(`waiting for ${what}`);
  return eventually(what, Math.max(end - Date.now(), 0), look, { pollMs: LOOK_MS, stillWaiting });
}
