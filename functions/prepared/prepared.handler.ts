import { ec2Networks } from "../aws/ec2-networks.ts";
import { kmsKeys } from "../aws/kms-keys.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { rdsGroups, rdsVersions } from "../aws/rds-groups.ts";
import { route53AllChecks } from "../aws/route53-checks.ts";
import { route53Names } from "../aws/route53-list.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { secretsVault } from "../aws/secret-looks.ts";
import { turnstile } from "../failover/turnstile.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { fleetReader, newestRoles } from "../ledger/fleet.ts";
import { preparedEnv } from "./contract.ts";
import { answeredHere, look } from "./look.ts";

const env = parseEnv({ ...preparedEnv, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const region = env.AWS_REGION;
const ledgers = s3Ledgers({ account: env.SLA_ACCOUNT, clock });
const ledger = ledgers(region);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const ports = {
  ...{ region, ledger, fleetKey: env.FLEET_KEY, clock },
  ...{ sqlGroup: env.SQL_GROUP, ourGroups: env.OUR_GROUPS.split(",") },
  roles: newestRoles(ledgers, region, clock),
  groups: rdsGroups(clock, { region }),
  networks: ec2Networks(clock, { region }),
  versions: rdsVersions(clock, { region }),
  vault: secretsVault(clock, { region }),
  keys: kmsKeys(clock, { region }),
  // A failover may need most of the five calls that an account has in a second.
  names: route53Names(clock, turnstile(clock, 1)),
  stopChecks: route53AllChecks(clock),
  messenger: lambdaMessenger(clock),
};

export const handler = lambda(async () => {
  const record = await look({ ...ports, fleet: await fleet() });
  console.log(JSON.stringify({ level: "info", ...record }));
  return answeredHere(record);
});
