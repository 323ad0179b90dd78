import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { FAILOVER_MACHINE, type FailoverRequest } from "../../functions/failover/contract.ts";
import { personsExecutionName } from "../../functions/failover/person.ts";
import { REPROTECT_MACHINE } from "../../functions/failover/reprotect-contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { incidentIdOf } from "../sla/incident-state.ts";
import type { Roles, Seat } from "../sla/roles.ts";
import type { DrillRun } from "./drill.ts";
import { eventually } from "./eventually.ts";
import type { TimelineEntry } from "./result.ts";
import { newestRoles } from "./roles-now.ts";
import { station } from "./timeline.ts";
import { ledgerOf, recordsNow, resolveNames } from "./witness.ts";

/** What is known of the way home when the clients still write. */
export interface WayBack {
  readonly instance: string;
  /** What the names led to before anybody went back. */
  readonly dnsThere: ReadonlyMap<string, string>;
  /** From the recorded failover to the new standby, real seconds; null: none came. */
  readonly reprotectSeconds: number | null;
  /** Milliseconds since 1970; null: nobody could ask for it. */
  readonly askedAt: number | null;
  /** Who is primary in the end. */
  readonly primary: Seat;
  /** Addresses of the servers that clients were led to, first there, then back. */
  readonly servers: readonly string[];
  /** Position by which the failover measured that nothing is lost. */
  readonly measuredAt: string | null;
  readonly epoch: number;
  /** Targets of all record sets of the instance's names. */
  readonly records: readonly string[];
  /** Why it ended before it was there. */
  readonly failure?: string;
}

/** Real milliseconds beside the waits that are divided: a whole database is copied. */
const REPROTECT_MS = 120_000;
const REPROTECT_PLAN_SECONDS = 1800;
/** Two clients pause ten milliseconds after each; a busy machine takes its time. */
const ROW_MS = 40;
const FAILBACK_MS = 90_000;
/** Clients write to their new home for a while: what a failback loses may show late. */
const AFTERMATH_MS = 2000;

/** After the failover: waits until somebody stands by again, then moves the instance back home as a person would. */
export async function goBack(
  run: DrillRun,
  rows: number,
  tell: (entry: TimelineEntry) => void,
): Promise<WayBack> {
  const from = Date.now();
  const dnsThere = await resolveNames(run.stage);
  const there = await newestRoles(run);
  const instance = run.victim.id;
  const base = {
    instance,
    dnsThere,
    primary: there.primary,
    servers: [serverOf(run, there.primary)],
  };
  const nothing = { reprotectSeconds: null, askedAt: null, measuredAt: null, records: [] };
  try {
    await ended(run, REPROTECT_MACHINE, reprotectPatience(run));
    const reprotectSeconds = (Date.now() - from) / 1000;
    await eventually(`${rows} rows written there`, REPROTECT_MS + rows * ROW_MS, () =>
      writtenOn(run, base.servers) >= rows ? true : undefined,
    );
    const askedAt = Date.now();
    tell(station(askedAt, "failback", `${run.victim.id}: a person plans the way home`));
    return { ...base, reprotectSeconds, ...(await back(run, askedAt, tell, base.servers)) };
  } catch (cause) {
    const failure = (cause as Error).message;
    tell(station(Date.now(), "gave up", failure));
    return { ...base, ...nothing, epoch: there.epoch, failure };
  }
}

async function back(
  run: DrillRun,
  askedAt: number,
  tell: (entry: TimelineEntry) => void,
  servers: readonly string[],
) {
  const { stage, victim } = run;
  const before = await newestRoles(run);
  const name = await ask(run, before, new Date(askedAt));
  await ended(run, FAILOVER_MACHINE, FAILBACK_MS, name);
  const roles = await newestRoles(run);
  const home = serverOf(run, roles.primary);
  const first = await eventually("a write at home", FAILBACK_MS, () =>
    stage.estate.writers.acknowledged(victim.id).find(({ server }) => server === home),
  );
  tell(station(first.at, "service", `first write acknowledged by ${roles.primary.database}`));
  // Before the next standby is built, which gets SECONDARY.
  const records = await recordsNow(stage, victim);
  await new Promise((done) => setTimeout(done, AFTERMATH_MS));
  const record = await ledgerOf(stage, before.owner).read<Recorded>(
    keys.failover(victim.id, name, "record"),
  );
  return {
    askedAt,
    primary: roles.primary,
    servers: [...servers, home],
    measuredAt: record?.measured?.rpoMeasuredAt ?? null,
    epoch: roles.epoch,
    records,
  };
}

interface Recorded {
  readonly measured?: { readonly rpoMeasuredAt?: string };
}

/** As `sla failover ID --planned` does. Answers the name of the execution. */
async function ask({ stage, victim }: DrillRun, roles: Roles, now: Date): Promise<string> {
  const { fleet, estate } = stage;
  const request: FailoverRequest = {
    instance: victim.id,
    incident: incidentIdOf(now.toISOString()),
    epoch: roles.epoch,
    trigger: "person",
    planned: true,
    reason: "home again",
    firstBadAt: now.toISOString(),
  };
  const name = personsExecutionName(request, now);
  const { account } = fleet.provider;
  const stateMachineArn = `arn:aws:states:${roles.owner}:${account}:stateMachine:${FAILOVER_MACHINE}`;
  const input = JSON.stringify(request);
  await estate.aws
    .sfn(roles.owner)
    .send(new StartExecutionCommand({ stateMachineArn, name, input }));
  return name;
}

/** Waits for the newest execution of a machine, or for that of a name. Throws Error if it failed. */
async function ended(
  { stage, victim }: DrillRun,
  machine: string,
  patienceMs: number,
  name?: string,
) {
  const isMeant = (execution: unknown) =>
    name === undefined ? String(execution).startsWith(`rp-${victim.id}-`) : execution === name;
  const end = await eventually(`the end of ${machine}`, patienceMs, () =>
    stage.cloud.ground.log
      .all()
      .findLast(
        ({ operation, detail }) =>
          /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(operation) &&
          detail["machine"] === machine &&
          isMeant(detail["execution"]),
      ),
  );
  if (end.operation === "ExecutionSucceeded") return;
  throw new Error(`${machine} ended as ${end.operation}: ${String(end.detail["error"] ?? "")}`);
}

const reprotectPatience = ({ stage }: DrillRun) =>
  REPROTECT_MS + stage.cloud.ground.pace.ms(REPROTECT_PLAN_SECONDS);

const serverOf = ({ stage }: DrillRun, { region, database }: Seat) =>
  stage.cloud.services.rds.server(region, database).address;

const writtenOn = ({ stage, victim }: DrillRun, servers: readonly string[]) =>
  stage.estate.writers.acknowledged(victim.id).filter(({ server }) => servers.includes(server))
    .length;
