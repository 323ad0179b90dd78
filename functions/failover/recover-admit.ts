import { isProven, shelved } from "../../lib/sla/backups/catalogue.ts";
import { type Point, restorePoint } from "../../lib/sla/backups/restore-point.ts";
import { formatDuration } from "../../lib/sla/duration.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import { isSameSeat, type Roles, recoveredSeat, type Seat } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import type { RecoverRequest } from "../recover/contract.ts";
import type { RolesWithStandby } from "./case.ts";
import { halt, haltUnlessAccepted, isUnreachable, notYet } from "./errors.ts";
import { folderOf } from "./folder.ts";
import { recoverLimit } from "./loss-limit.ts";
import type { LogWindow, RestorePoint } from "./ports.ts";
import {
  pointInWords,
  type RecoverAdmitted,
  type RecoverBegun,
  type Restored,
} from "./recover-case.ts";
import { lockBoth } from "./recover-lock.ts";
import { recoverStartedNotice } from "./recover-notices.ts";
import { rolesNow } from "./roles-now.ts";
import { lookFrom } from "./sight.ts";
import type { Taken } from "./step.ts";
import { instanceOf, type RecoverWorld } from "./world.ts";

interface AdmitNote {
  readonly before: RolesWithStandby;
  readonly restored: Restored;
}

/** One recovery at a time, on the newest roles, of an instance that nobody can take over; says what it is brought back from. */
export async function recoverAdmit(
  world: RecoverWorld,
  begun: RecoverBegun,
): Promise<Taken<RecoverAdmitted>> {
  const { request } = begun;
  const instance = instanceOf(world, request.instance);
  if (!world.fleet.sites[world.region]) {
    halt("HaltSiteUnknown", `${world.region}: the fleet names no network there`);
  }
  const roles = await rolesNow(world, instance);
  await lockBoth(world, begun, roles);
  await refuseDone(world, request);
  const id = folderOf(begun);
  const known = await noted(world, request, id);
  const wasSeated = known !== undefined && isSeated(roles, known.before);
  if (!wasSeated && roles.epoch !== request.epoch) {
    halt(
      "HaltEpoch",
      `${instance.id}: asked for on epoch ${request.epoch}, the roles are at epoch ${roles.epoch} since ${roles.since} by ${roles.by}`,
    );
  }
  const remarks = wasSeated
    ? "; its roles are written already"
    : `${await nobodyStandsBy(world, request, roles)}${await stillDown(world, instance, request)}`;
  const { before, restored } = known ?? (await planned(world, instance, request, roles));
  const loss = wasSeated ? "" : lossAllowed(world, instance, request, restored.point);
  await world
    .ledgers(world.region)
    .create(keys.failover(instance.id, id, "admit"), { before, restored });
  const lookedAt = world.clock.now().toISOString();
  const admitted = { ...begun, id, before, restored, lookedAt };
  await world.messenger.notify(recoverStartedNotice(admitted, lookedAt));
  return {
    next: admitted,
    detail: `admitted on epoch ${before.epoch}: ${before.standby.database} in ${world.region} from ${pointInWords(restored.point)}${remarks}${loss}`,
  };
}

/** What was decided when this began: a repeat, or whoever goes on with it, restores nothing else. */
const noted = async ({ ledgers, region }: RecoverWorld, { instance }: RecoverRequest, id: string) =>
  (await ledgers(region).read<AdmitNote>(keys.failover(instance, id, "admit")))?.value;

/** Whether these are the roles that this recovery, or the one it goes on with, has written. */
export const isSeated = ({ epoch, primary }: Roles, before: RolesWithStandby) =>
  epoch === before.epoch + 1 && isSameSeat(primary, before.standby);

async function refuseDone(
  { ledgers, region }: RecoverWorld,
  { instance, continues }: RecoverRequest,
): Promise<void> {
  if (continues === undefined) return;
  const record = await ledgers(region).read(keys.failover(instance, continues, "record"));
  if (record)
    halt("HaltEpoch", `${instance}: recovery ${continues} is done, nothing of it is left`);
}

/** A standby that streams has more than any backup. What is to be undone it has done as well. */
async function nobodyStandsBy(
  { registry }: RecoverWorld,
  request: RecoverRequest,
  { standby }: Roles,
): Promise<string> {
  if (!standby || request.recovery.at !== undefined) return "";
  try {
    const state = await registry.describe(standby);
    const streams = state?.source !== undefined && state.replication.includes("replicating");
    if (state?.status !== "available" || !streams) return "";
    return haltUnlessAccepted(
      request,
      "HaltStandbyThere",
      `${standby.database} in ${standby.region} stands by: a failover loses less than any backup (npx sla failover ${request.instance} --reason '…')`,
    );
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    return `; ${standby.region} does not answer`;
  }
}

/** What serves is replaced only by who says so; data that is to be undone may well be served. */
export async function stillDown(
  { vantages, fleet }: RecoverWorld,
  instance: Instance,
  request: RecoverRequest,
): Promise<string> {
  if (request.recovery.at !== undefined) return "";
  const { verdict, said } = await lookFrom(vantages, fleet, instance);
  if (verdict === "down") return "";
  const seen = JSON.stringify(said);
  if (verdict === "unknown") return notYet(`${instance.id}: no majority sees it down now: ${seen}`);
  return haltUnlessAccepted(request, "HaltRecovered", `${instance.id} answers again: ${seen}`);
}

async function planned(
  world: RecoverWorld,
  instance: Instance,
  { recovery: { at } }: RecoverRequest,
  roles: Roles,
): Promise<AdmitNote> {
  const { kept, region } = world;
  const [listed, windows] = await Promise.all([kept.backups(), kept.logs()]);
  const logs = windows.map((each) => ({
    ...each,
    earliestMs: Date.parse(each.earliest),
    latestMs: Date.parse(each.latest),
  }));
  const there = { backups: listed.flatMap((each) => shelved(each) ?? []), logs };
  const point = restorePoint(there, roles, at === undefined ? undefined : Date.parse(at));
  if (!point) {
    const what = at === undefined ? "nothing" : `nothing of before ${at}`;
    return halt("HaltNoBackup", `${instance.id}: ${region} keeps ${what} that could be restored`);
  }
  const standby: Seat = recoveredSeat(instance, roles, region);
  return {
    before: { ...roles, standby },
    restored: { point: pointOf(point, region, at === undefined), roles },
  };
}

type Found = Point<LogWindow & { readonly earliestMs: number; readonly latestMs: number }>;

function pointOf(found: Found, region: string, isNewest: boolean): RestorePoint {
  const at = new Date(found.atMs).toISOString();
  if (found.from === "backup") {
    const { backup } = found;
    return { from: "backup", id: backup.id, at, isProven: isProven(backup) };
  }
  const { logs } = found;
  const isHere = logs.region === region && logs.status === "active";
  return {
    ...{ from: "logs", at, isNewest },
    ...(isHere ? { database: logs.database } : { archive: logs.archive }),
  };
}

/** The promise for a data center that is lost, against what lies between its last good sign and the data there is. */
function lossAllowed(
  { fleet, clock }: RecoverWorld,
  instance: Instance,
  request: RecoverRequest,
  { at }: RestorePoint,
): string {
  // Whoever names the instant has decided.
  if (request.recovery.at !== undefined) return "";
  const limit = recoverLimit(request, fleet.plans[instance.plan]);
  const until = request.lastGoodAt ?? request.firstBadAt;
  const lostMs = Math.max(0, Date.parse(until) - Date.parse(at));
  if (!limit || lostMs <= clock.paced(limit.seconds)) return "";
  const lost = formatDuration(Math.ceil(lostMs / clock.paced(1)));
  const message = `${instance.id}: what is restored ends ${lost} before the disaster (${at}), ${limit.by} ${formatDuration(limit.seconds)}`;
  return limit.by === "you allow"
    ? halt("HaltBehind", message)
    : haltUnlessAccepted(request, "HaltBehind", message);
}
