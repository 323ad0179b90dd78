import { FAILOVER_MACHINE } from "../../functions/failover/contract.ts";
import { REPROTECT_MACHINE } from "../../functions/failover/reprotect-contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { ALERTS_TOPIC } from "../../functions/notify/contract.ts";
import { RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import { databaseArns } from "../sla/database-arns.ts";
import type { Fleet } from "../sla/fleet.ts";
import { secretPatterns } from "../sla/secret-patterns.ts";
import { secretArn } from "./secret-arns.ts";
import { changedZones } from "./zone-arns.ts";

export type Arns = ReturnType<typeof arns>;

/** What a function of a region may name in a policy, by what it is of. */
export function arns(fleet: Fleet, region: string) {
  const { account } = fleet.provider;
  const sites = Object.keys(fleet.sites);
  return {
    ...{ account, sites },
    probing: [...new Set([...sites, ...fleet.vantages])],
    functions: (name: string, regions: readonly string[]) =>
      regions.map((there) => `arn:aws:lambda:${there}:${account}:function:${name}`),
    ledgers: (path: string) =>
      sites.map((site) => `arn:aws:s3:::${ledgerBucket(account, site)}${path}`),
    otherLedgers: (path: string) =>
      sites
        .filter((site) => site !== region)
        .map((site) => `arn:aws:s3:::${ledgerBucket(account, site)}${path}`),
    own: (key: string) => `arn:aws:s3:::${ledgerBucket(account, region)}/${key}`,
    folder: (name: string) => `arn:aws:s3:::${ledgerBucket(account, region)}/${name}/*`,
    ...databaseArns(fleet),
    anyDatabase: sites.map((site) => `arn:aws:rds:${site}:${account}:db:*`),
    secrets: secretPatterns(
      fleet.instances.map(({ database }) => database.secret),
      1,
    ).map((name) => secretArn(account, region, name)),
    zones: changedZones(fleet).inRole,
    topic: `arn:aws:sns:${region}:${account}:${ALERTS_TOPIC}`,
    machine: `arn:aws:states:${region}:${account}:stateMachine:${FAILOVER_MACHINE}`,
    executionsHere: `arn:aws:states:${region}:${account}:execution:${FAILOVER_MACHINE}:*`,
    reprotectHere: `arn:aws:states:${region}:${account}:stateMachine:${REPROTECT_MACHINE}`,
    reprotects: sites.map(
      (site) => `arn:aws:states:${site}:${account}:stateMachine:${REPROTECT_MACHINE}`,
    ),
    executions: sites.flatMap((site) =>
      // Nothing runs under the last name: whoever holds a lock by it is a person's command, which has ended.
      [FAILOVER_MACHINE, REPROTECT_MACHINE, RECOVER_MACHINE, "sla-leave", "sla-game-day"].map(
        (machine) => `arn:aws:states:${site}:${account}:execution:${machine}:*`,
      ),
    ),
  };
}
