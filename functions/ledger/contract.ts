import { text } from "../kernel/env.ts";

/** One versioned bucket per site. Deterministic, so that no site needs another's stack to find it. */
export const ledgerBucket = (account: string, region: string) => `sla-ledger-${account}-${region}`;

/** Every function that reads or writes the ledger is told the account and which fleet is deployed. */
export const ledgerEnv = {
  SLA_ACCOUNT: text,
  /** `fleet/<hash>.json` in every site's ledger. */
  FLEET_KEY: text,
};
export type LedgerEnv = Record<keyof typeof ledgerEnv, string>;

/** Custom resource: puts the checked fleet and first roles into the ledger at every deployment. */
export const PUBLISH_FUNCTION = "sla-ledger-publish";

/** Properties of the `Custom::SlaFleet` resource. */
export interface PublishProperties {
  /** Bucket and key of the asset that holds the checked fleet as JSON. */
  readonly assetBucket: string;
  readonly assetKey: string;
  readonly fleetKey: string;
}

export const keys = {
  roles: (instance: string) => `roles/${instance}.json`,
  shard: (shard: string) => `shards/${shard}.json`,
  /** `slot` is the round's scheduled instant, ISO 8601: one object a minute and shard. */
  round: (slot: string, shard: string) =>
    `rounds/${slot.slice(0, 10)}/${slot.slice(11, 19).replaceAll(":", "")}-${shard}.json.gz`,
  incident: (instance: string, incident: string) => `incidents/${instance}/${incident}.json`,
  lock: (instance: string) => `locks/${instance}.json`,
  debt: (instance: string, kind: string) => `debts/${instance}/${kind}.json`,
  failover: (instance: string, failover: string, step: string) =>
    `failovers/${instance}/${failover}/${step}.json`,
  /** Marks one mail as sent: created before sending, so that a repeat sends nothing. */
  mail: (incident: string, notice: string, recipient: string) =>
    `mails/${incident}/${notice}-${recipient}.json`,
} as const;
