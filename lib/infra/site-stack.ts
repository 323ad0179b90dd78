import { type App, Stack } from "aws-cdk-lib";
import type { LedgerEnv } from "../../functions/ledger/contract.ts";
import type { Fleet, Site } from "../sla/fleet.ts";
import { A_MINUTE, Alarms, type SlaAlarm } from "./alarms.ts";
import { Alerts } from "./alerts.ts";
import { Databases } from "./databases.ts";
import { Debts } from "./debts.ts";
import { Failover } from "./failover.ts";
import { FleetPublication } from "./fleet-publication.ts";
import type { Bundles } from "./functions.ts";
import { grantsOf } from "./grants.ts";
import { ledger } from "./ledger-bucket.ts";
import { probing } from "./probing.ts";
import type { SiteProps } from "./site.ts";
import { Watching } from "./watching.ts";

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
    const site: SiteProps = { fleet, region, fleetFile, bundles, environment, grants };

    const bucket = ledger(this, account, region);
    new FleetPublication(this, "FleetPublication", site, bucket);
    new Databases(this, "Databases", site, networkOf(fleet, region));
    probing(this, bundles);
    const alerts = new Alerts(this, "Alerts", site);
    const failover = new Failover(this, "Failover", site);
    const watching = new Watching(this, "Watching", site, shards);
    const debts = new Debts(this, "Debts", site);
    const watched = { alerts, failover, debts, watching };
    new Alarms(this, "Alarms", fleet.provider.contact, alarmsOf(watched));
  }
}

function networkOf(fleet: Fleet, region: string): Site {
  const network = fleet.sites[region];
  if (network) return network;
  throw new RangeError(`${region} is no site of the fleet: sites has ${Object.keys(fleet.sites)}`);
}

interface Watched {
  readonly alerts: Alerts;
  readonly failover: Failover;
  readonly debts: Debts;
  readonly watching: Watching;
}

const alarmsOf = ({ alerts, failover, debts, watching }: Watched): readonly SlaAlarm[] => [
  {
    name: "watch-silent",
    means: "No look has begun for three minutes: nothing is watched from here.",
    metric: watching.watch.function.metricInvocations(A_MINUTE),
    ...{ threshold: 1, when: "less than", minutes: 3, silence: "bad" },
  },
  {
    name: "watch-failing",
    means: "Looks end with an error.",
    metric: watching.watch.function.metricErrors(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 3, silence: "good" },
  },
  {
    name: "heartbeats-failing",
    means: "Heartbeats are not written: the RPO at risk is not known.",
    metric: watching.beat.function.metricErrors(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 3, silence: "good" },
  },
  {
    name: "mail-failing",
    means: "Alerts do not leave.",
    metric: alerts.notify.function.metricErrors(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "failover-halted",
    means: "A failover stopped and waits for a person.",
    metric: failover.machine.metricFailed(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
  {
    name: "fence-debts",
    means: "A region answers and what is owed there cannot be paid, for a quarter of an hour.",
    metric: debts.payer.function.metricErrors(A_MINUTE),
    ...{ threshold: 1, when: "at least", minutes: 15, silence: "good" },
  },
];
