import { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import { backupHands } from "../aws/backup-hands.ts";
import { ec2Images } from "../aws/ec2-images.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { rdsAutomatedBackups } from "../aws/rds-automated.ts";
import { rdsSnapshots } from "../aws/rds-snapshots.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { s3Manifests } from "../aws/s3-manifests.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { ledgerEnv } from "../ledger/contract.ts";
import { fleetReader, newestRoles } from "../ledger/fleet.ts";
import type { PassEvent } from "./contract.ts";
import { accomplished, round } from "./round.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const ledger = ledgers(region);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const ports = {
  ...{ region, ledger, fleetKey: env.FLEET_KEY, clock },
  roles: newestRoles(ledgers, region, clock),
  snapshots: rdsSnapshots(clock),
  manifests: s3Manifests(clock, { account: env.SLA_ACCOUNT, region }),
  automated: rdsAutomatedBackups(clock),
  images: ec2Images(clock),
  hands: backupHands(clock, region),
  messenger: lambdaMessenger(clock),
};
let calendar: ZoneCalendar | undefined;

export const handler = lambda(async (event: PassEvent) => {
  const deployed = await fleet();
  calendar ??= new ZoneCalendar(deployed.provider.timezone);
  const report = await round({ ...ports, fleet: deployed, calendar }, event);
  console.log(JSON.stringify({ level: "info", ...report }));
  return accomplished(report);
});
