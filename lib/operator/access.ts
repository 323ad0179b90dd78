import { seatedRegistry } from "../../functions/aws/rds-seated.ts";
import { s3Ledgers } from "../../functions/aws/s3-ledger.ts";
import { stepFunctionsExecutions } from "../../functions/aws/sfn-executions.ts";
import { snsSubscriptions } from "../../functions/aws/sns-subscriptions.ts";
import type { Executions, Registry } from "../../functions/failover/ports.ts";
import { type Clock, clockFrom } from "../../functions/kernel/clock.ts";
import type { Ledgers } from "../../functions/ledger/ledger.ts";
import { unconfirmedOf } from "../../functions/notify/subscriptions.ts";
import { UserError } from "../cli/user-error.ts";
import type { Fleet } from "../sla/fleet.ts";
import { checkIdentity } from "./identity.ts";
import { type Machines, stepFunctions } from "./machine.ts";
import type { Mailing } from "./mailing.ts";

/** What a person's command works with: the fleet as written down, and the account as it is. */
export interface Access {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly ledgers: Ledgers;
  readonly executions: Executions;
  readonly mailing: Mailing;
  readonly registry: Registry;
  readonly machines: Machines;
  /** ARN of whose credentials these are; `unknown` where nobody says. */
  readonly caller: string;
}

/**
 * Access by the standard variables of AWS (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `AWS_PROFILE`…), and
 * `SLA_PACE` on the local cloud. Throws UserError if nobody or somebody else's account answers to them.
 */
export async function accessTo(
  fleet: Fleet,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Access> {
  const { account } = fleet.provider;
  const clock = paceFrom(env);
  const subscribedIn = snsSubscriptions({ account, clock });
  const caller = await checkIdentity({ account, region: fleet.control, clock });
  return {
    fleet,
    clock,
    ledgers: s3Ledgers({ account, clock }),
    executions: stepFunctionsExecutions(clock),
    mailing: {
      unconfirmed: async (site) => unconfirmedOf(fleet, site, await subscribedIn(site)),
    },
    registry: seatedRegistry(clock)(fleet),
    machines: stepFunctions({ account, clock }),
    caller,
  };
}

/** Throws UserError for a pace that is none. */
export function paceFrom(env: Readonly<Record<string, string | undefined>>): Clock {
  try {
    return clockFrom(env);
  } catch (cause) {
    throw new UserError((cause as Error).message, 2, { cause });
  }
}
