import { type App, Stack } from "aws-cdk-lib";
import type { SecurityGroup } from "aws-cdk-lib/aws-ec2";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { LedgerEnv } from "../../functions/ledger/contract.ts";
import type { Fleet, Site } from "../sla/fleet.ts";
import { hasFunctionUrls } from "../sla/regions.ts";
import { Alarms, type SlaAlarm } from "./alarms.ts";
import { Alerts } from "./alerts.ts";
import { Approving } from "./approving.ts";
import { Backups } from "./backups.ts";
import type { BundledFunction } from "./bundled-function.ts";
import { Databases } from "./databases.ts";
import { Debts } from "./debts.ts";
import { Failover } from "./failover.ts";
import { Files } from "./files.ts";
import { Flagging } from "./flagging.ts";
import { FleetPublication } from "./fleet-publication.ts";
import { Freezing } from "./freezing.ts";
import type { Bundles } from "./functions.ts";
import { grantsOf } from "./grants.ts";
import { ledger } from "./ledger-bucket.ts";
import { onCallAlarms, onCallRounds } from "./on-call.ts";
import { Preparing, preparedAlarms } from "./preparing.ts";
import { probeAlarms, probing } from "./probing.ts";
import { Recovering } from "./recovering.ts";
import { Reprotect } from "./reprotect.ts";
import { Restoring } from "./restoring.ts";
import { Sealing, sealingAlarms } from "./sealing.ts";
import type { SiteProps } from "./site.ts";
import { siteAlarms } from "./site-alarms.ts";
import { Subscriptions, subscriptionAlarms } from "./subscriptions.ts";
import { topicKey } from "./topic-key.ts";
import { Watching } from "./watching.ts";
import { webhooks } from "./webhooks.ts";
import { zonePolicies } from "./zone-policies.ts";

export interface StackProps {
  readonly fleet: Fleet;
  readonly region: string;
  /** The checked fleet as a JSON file, and its key in the ledgers. */
  readonly fleetFile: string;
  readonly fleetKey: string;
  readonly shards: readonly string[];
  readonly bundles: Bundles;
}

/**
 * Everything a site needs to watch and recover instances, with no reference to another site: that one
 * may be gone.
 */
export class SiteStack extends Stack {
  constructor(app: App, { fleet, region, fleetFile, fleetKey, shards, bundles }: StackProps) {
    const { account } = fleet.provider;
    super(app, `Sla-${region}`, {
      description: "hosting-sla: ledger, watch and recovery of one site",
      env: { account, region },
      terminationProtection: true,
    });
    const environment: LedgerEnv = { SLA_ACCOUNT: account, FLEET_KEY: fleetKey };
    const grants = grantsOf(fleet, region);
    const site: SiteProps = {
      ...{ fleet, region, fleetFile, bundles, environment, grants },
      zonePolicies: zonePolicies(this, fleet),
    };

    const { bucket, accesses } = ledger(this, account, region);
    const key = topicKey(this);
    const published = new FleetPublication(this, "FleetPublication", site, bucket);
    const network = networkOf(fleet, region);
    const databases = new Databases(this, "Databases", site, network);
    const frozen = frozenParts(this, site, network, databases);
    const probe = probing(this, bundles);
    if (hasFunctionUrls(region)) new Flagging(this, "Flagging", site);
    const approving = hasFunctionUrls(region) ? new Approving(this, "Approving", site) : undefined;
    const alerts = new Alerts(this, "Alerts", site, { key, answers: approving?.page });
    const failover = new Failover(this, "Failover", site);
    const reprotect = new Reprotect(this, "Reprotect", site, failover);
    const recovering = new Recovering(this, "Recovering", site, failover);
    const watching = new Watching(this, "Watching", site, shards);
    const debts = new Debts(this, "Debts", site, watching.deadLetters);
    const backups = new Backups(this, "Backups", site, watching.deadLetters);
    const files = new Files(this, "Files", site, accesses);
    const restoring = new Restoring(this, "Restoring", site, {
      ...{ network, ticksLost: watching.deadLetters },
      ...(frozen.freeze && { freeze: frozen.freeze }),
    });
    const preparing = new Preparing(this, "Preparing", site, {
      ...{ databases, ticksLost: watching.deadLetters },
      ...(frozen.tasks && { tasks: frozen.tasks }),
    });
    const sealing = new Sealing(this, "Sealing", site, watching.deadLetters);
    const subscriptions = new Subscriptions(this, "Subscriptions", site, {
      ...{ ticks: watching.deadLetters, after: [published, alerts] },
    });
    new Alarms(this, "Alarms", { contact: fleet.provider.contact, key }, [
      ...siteAlarms({
        ...{ alerts, backups, databases, debts, failover, files },
        ...{ recovering, reprotect, restoring, watching },
      }),
      ...preparedAlarms(preparing),
      ...sealingAlarms(sealing),
      ...probeAlarms(probe, fleet, region),
      ...callingParts(this, site, watching.deadLetters),
      ...subscriptionAlarms(subscriptions),
    ]);
  }
}

/** Who is called, and which webhooks are told; answers their alarms. */
const callingParts = (scope: Stack, site: SiteProps, ticksLost: Queue): readonly SlaAlarm[] => [
  ...webhooks(scope, site, ticksLost),
  ...onCallAlarms(onCallRounds(scope, site, ticksLost)),
];

interface FrozenParts {
  readonly freeze?: BundledFunction;
  /** Group of the tasks. */
  readonly tasks?: SecurityGroup;
}

/** Where frozen copies are made. */
function frozenParts(
  scope: Stack,
  site: SiteProps,
  network: Site,
  databases: Databases,
): FrozenParts {
  const { fleet, region } = site;
  const { frozen } = fleet;
  if (frozen?.region !== region) return {};
  const { freeze, group } = new Freezing(scope, "Freezing", { site, network, frozen, databases });
  return { freeze, tasks: group };
}

function networkOf(fleet: Fleet, region: string): Site {
  const network = fleet.sites[region];
  if (network) return network;
  throw new RangeError(`${region} is no site of the fleet: sites has ${Object.keys(fleet.sites)}`);
}
