import { keys } from "../ledger/contract.ts";
import type { Notice } from "../notify/contract.ts";
import type { Shown } from "./case.ts";
import { noteInIncident } from "./incident-note.ts";
import { type Measured, measured } from "./measure.ts";
import { doneNotice } from "./notices.ts";
import { isRecovery } from "./recover-case.ts";
import { releaseLocks } from "./recover-lock.ts";
import { recoveredLines } from "./recover-notices.ts";
import { beginReprotect } from "./reprotect-begin.ts";
import type { Taken } from "./step.ts";
import { instanceOf, type RecordWorld } from "./world.ts";

/** The evidence of a failover that is done; then the lock is free again. */
export async function record(world: RecordWorld, shown: Shown): Promise<Taken<Shown>> {
  const { request, id } = shown;
  const ledger = world.ledgers(world.region);
  const now = world.clock.now();
  const result = measured(shown);
  await ledger.create(keys.failover(request.instance, id, "record"), {
    ...shown,
    measured: result,
    recordedAt: now.toISOString(),
  });
  await noteInIncident(world, request, {
    id,
    outcome: "done",
    epoch: shown.roles.epoch,
    at: shown.goodAt,
    ...result,
  });
  await releaseLocks(world, shown);
  const protection = await beginReprotect(world, shown);
  await world.messenger.notify(done(world, shown, result, protection.words));
  const figures = `RTO ${result.rtoSeconds.toFixed(3)} s, RPO ${lossIn(result)}`;
  return { next: shown, detail: `recorded: ${figures}; ${protection.detail}` };
}

function done(world: RecordWorld, shown: Shown, result: Measured, protection: string): Notice {
  const notice = doneNotice(shown, result, protection, world.clock.now().toISOString());
  if (!isRecovery(shown)) return notice;
  const { app } = instanceOf(world, shown.request.instance);
  const lacksApp = app !== undefined && shown.roles.primary.app === undefined;
  return { ...notice, lines: [...notice.lines, ...recoveredLines(shown.restored, lacksApp)] };
}

function lossIn({
  rpoSeconds,
  rpoProvisional,
  rpoMeasuredAt,
  rpoBySwitchover,
  rpoByCluster,
}: Measured): string {
  if (rpoMeasuredAt !== undefined) return `0, measured at ${rpoMeasuredAt}`;
  if (rpoByCluster && rpoSeconds === 0) return "0 by the cluster";
  if (rpoBySwitchover) return "0 by the switchover of RDS";
  const until = rpoProvisional
    ? ", provisional until the old primary is fenced and its sessions are ended"
    : "";
  return rpoSeconds === undefined ? `unknown${until}` : `≤ ${rpoSeconds.toFixed(3)} s${until}`;
}
