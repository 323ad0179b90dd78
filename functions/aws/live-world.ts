import { Route53Client } from "@aws-sdk/client-route-53";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { Lock } from "../failover/lock.ts";
import { turnstile } from "../failover/turnstile.ts";
import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import { everyonesRoles } from "../live/newest-roles.ts";
import type { LiveWorld } from "../live/ports.ts";
import { scanTls } from "../live/tls-scan.ts";
import { unconfirmedOf } from "../notify/subscriptions.ts";
import { tlsHandshakes } from "../probe/tls-look.ts";
import { accountLimits } from "./account-limits.ts";
import { clientSettings } from "./clients.ts";
import { ec2Sealed } from "./ec2-sealed.ts";
import { rdsParameters } from "./rds-parameters.ts";
import { allChecksBy } from "./route53-checks.ts";
import { route53Zones } from "./route53-zones.ts";
import { seatedSeats } from "./seated-seats.ts";
import { secretsVault } from "./secret-looks.ts";
import { shardLooks } from "./shard-looks.ts";
import { snsSubscriptions } from "./sns-subscriptions.ts";

/** Of the five calls a second that an account has at Route 53: failovers need theirs. */
const CALLS_A_SECOND = 2;
const PATIENT = { answerSeconds: 20, answerFloorMs: 5000, maxAttempts: 4 } as const;

interface Place {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly ledgers: Ledgers;
}

/** The account itself, for one look: what one call lists is asked for once. Route 53 lives in us-east-1. */
export function liveWorld({ fleet, clock, ledgers }: Place): LiveWorld {
  const { account } = fleet.provider;
  const settings = clientSettings(clock, { region: "us-east-1", ...PATIENT });
  const route53 = new Route53Client(settings);
  const turn = turnstile(clock, CALLS_A_SECOND);
  const checks = allChecksBy(route53);
  const handshakes = tlsHandshakes(clock);
  const subscribedIn = snsSubscriptions({ account, clock });
  return {
    clock,
    account: accountLimits(clock),
    databases: seatedSeats(clock, fleet),
    groups: rdsParameters(clock),
    zones: route53Zones(route53, turn),
    secrets: secretsVault(clock, { region: fleet.control }),
    stops: { checks: () => turn().then(() => checks.all()) },
    sealed: ec2Sealed(clock),
    mailing: {
      unconfirmed: async (site) => unconfirmedOf(fleet, site, await subscribedIn(site)),
    },
    roles: () => everyonesRoles(ledgers, Object.keys(fleet.sites)),
    following: shardLooks(ledgers, fleet),
    isMoving: ({ instance, owner }) => isLocked(ledgers, clock, instance, owner),
    tls: (url) => scanTls(url, clock, handshakes),
  };
}

/** As a failover's lock says it; the lease of one that was killed ends. */
async function isLocked(
  ledgers: Ledgers,
  clock: Clock,
  instance: Roles["instance"],
  owner: string,
): Promise<boolean> {
  const lock = (await ledgers(owner).read<Lock>(keys.lock(instance)))?.value;
  return lock?.state === "held" && Date.parse(lock.until) > clock.now().getTime();
}
