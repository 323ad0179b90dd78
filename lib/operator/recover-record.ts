import type { Measured } from "../../functions/failover/measure.ts";
import type { RestorePoint } from "../../functions/failover/ports.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import { formatDuration } from "../sla/duration.ts";
import type { Access } from "./access.ts";
import { hanging } from "./hanging.ts";
import { sourceOf } from "./recover-lines.ts";
import type { RecoveryPlan } from "./recovery-plan.ts";

/** What a recovery that is done wrote down, as far as a person asks for it. Seconds are real ones. */
export interface RecoveryRecord {
  readonly restored: { readonly point: RestorePoint };
  readonly measured: Measured;
  /** ISO 8601: first good answer through the new records. */
  readonly goodAt: string;
}

/** Throws UserError (exit 1) if there is none. */
export async function recoveryRecord(
  { ledgers }: Pick<Access, "ledgers">,
  { instance, region, name, request }: RecoveryPlan,
): Promise<RecoveryRecord> {
  const folder = request.continues ?? name;
  const key = keys.failover(instance.id, folder, "record");
  const entry = await ledgers(region).read<RecoveryRecord>(key);
  if (entry) return entry.value;
  throw new UserError(
    `${name} in ${region} ended without a record: look at it in Step Functions`,
    1,
  );
}

/** What it cost and where the instance is now, at most 80 columns wide. */
export function doneLines(
  { instance, chosen, region, plan, roles, pacer }: RecoveryPlan,
  { measured, restored: { point } }: RecoveryRecord,
): readonly string[] {
  const { rtoSeconds, rpoSeconds, rpoProvisional } = measured;
  const id = point.from === "backup" ? { id: point.id } : {};
  const sold = (seconds: number | undefined) =>
    seconds === undefined ? "" : `, promised ${formatDuration(pacer.paced(seconds) / 1000)}`;
  const lost =
    rpoSeconds === undefined ? "unknown: it holds no heartbeat" : formatDuration(rpoSeconds);
  return [
    `${instance.id}: done; its primary is ${chosen.seat.database} in ${region}`,
    ...hanging("  from  ", sourceOf({ ...point, ...id })),
    `  RTO   ${formatDuration(rtoSeconds)}${sold(plan?.siteLoss?.rtoSeconds)}`,
    ...hanging(
      "  RPO   ",
      `${lost}${sold(plan?.siteLoss?.rpoSeconds)}${rpoProvisional ? ", provisional until the old primary is fenced" : ""}`,
    ),
    ...(plan?.backups?.contents.includes("filestore") && instance.filestore !== undefined
      ? hanging("  files ", `npx sla restore-files ${instance.id} --to s3://BUCKET/PREFIX`)
      : []),
    ...hanging(
      "  next  ",
      `${roles.primary.database} stays in quarantine: sla retire ${instance.id}, once nothing of it is needed`,
    ),
  ];
}
