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
  /** How policies say which databases are the fleet's; absent where a deployment goes back to a version that had names only. */
  readonly permissions?: "names" | "tags";
}

export const PUBLISH_PROPERTIES = [
  "assetBucket",
  "assetKey",
  "fleetKey",
] as const satisfies readonly (keyof PublishProperties)[];

/** Properties of the `Custom::SlaRecipients` resource. */
export interface RecipientsProperties {
  /** Of the fleet that is deployed: it lies in the ledger by then. */
  readonly fleetKey: string;
}
export const RECIPIENTS_PROPERTIES = [
  "fleetKey",
] as const satisfies readonly (keyof RecipientsProperties)[];

/** Below which `list` finds all keys of a kind. */
export const prefixes = {
  roles: "roles/",
  shards: "shards/",
  locks: "locks/",
  /** Of all instances. */
  certificates: "watches/certificate--",
  debts: "debts/",
  unsent: "unsent/",
  prunes: "prunes/",
  /** Of all instances. */
  allIncidents: "incidents/",
  allFailovers: "failovers/",
  allRestores: "restores/",
  allImageTests: "image-tests/",
  allGameDays: "game-days/",
  /** UTC, `2026-10-01`. */
  rounds: (day: string) => `rounds/${day}/`,
  seals: "seals/",
  /** UTC, likewise; of all days without one. */
  backupDeeds: (day?: string) => (day === undefined ? "backups/" : `backups/${day}/`),
  fresh: "fresh/",
  calls: "calls/",
  /** Of a webhook, of one day of UTC or of all. */
  hooks: (webhook: string, day?: string) =>
    `hooks/${webhook}/${day === undefined ? "" : `${day}/`}`,
  deliveries: (instance: string) => `deliveries/${instance}/`,
  restores: (instance: string) => `restores/${instance}/`,
  imageTests: (instance: string) => `image-tests/${instance}/`,
  failovers: (instance: string) => `failovers/${instance}/`,
  gameDays: (instance: string) => `game-days/${instance}/`,
  incidents: (instance: string) => `incidents/${instance}/`,
  links: (instance: string) => `links/${instance}/`,
  /** Of an instance, or of all. */
  tickets: (instance?: string) => (instance === undefined ? "tickets/" : `tickets/${instance}/`),
  accesses: (instance: string, link: string) => `accesses/${instance}/${link}/`,
  fetches: (instance: string, link: string) => `fetches/${instance}/${link}/`,
  maintenance: "maintenance/",
  left: "left/",
  annotations: "annotations/",
  reports: (month: string) => `reports/${month}/`,
  annotationsOf: (instance: string, incident: string) => `annotations/${instance}/${incident}/`,
} as const;

export const keys = {
  roles: (instance: string) => `roles/${instance}.json`,
  /** No instance begins with a dot. */
  rolesMark: "roles/.changing.json",
  shard: (shard: string) => `shards/${shard}.json`,
  /** What a site's watch has ended, and which other watches it has heard of. */
  watch: (shard: string) => `watches/${shard}.json`,
  /** What a site's watch has last found of storage and replication. */
  gauges: (shard: string) => `watches/${shard}-gauges.json`,
  /** The silence of another site's watch, and which shards of this one still hear nothing. */
  silence: (site: string) => `watches/silent--${site}.json`,
  /** That people were told of a certificate that ends. */
  certificate: (instance: string) => `watches/certificate--${instance}.json`,
  /** Which of a site's shards found a region lost first. */
  region: (region: string) => `watches/region--${region}.json`,
  /** `slot` is the round's scheduled instant, ISO 8601: one object a minute and shard. */
  round: (slot: string, shard: string) =>
    `rounds/${slot.slice(0, 10)}/${slot.slice(11, 19).replaceAll(":", "")}${fraction(slot)}-${shard}.json.gz`,
  /** What a site saw of a shard on a day of UTC. */
  day: (day: string, shard: string) => `days/${day}/${shard}.json.gz`,
  /** What a report goes by beside rounds, as a day of UTC took it. */
  statements: (day: string) => `days/${day}/statements.json.gz`,
  /** How far requests for support were written that day. */
  ticketsOf: (day: string) => `days/${day}/tickets.json.gz`,
  /** Who left, as it was noted that day. */
  leftOn: (day: string) => `days/${day}/left.json.gz`,
  /** Which roll-ups a day of the site has. */
  daySeal: (day: string) => `seals/${day}.json`,
  /** Where a seal lies in the frozen bucket. */
  frozenSeal: (site: string, day: string) => `${frozenSeals(site)}${day}.json`,
  /** Up to which day seals lie elsewhere too. */
  carried: (site: string) => `carried/${site}.json`,
  /** Where another site keeps a key of this one's. */
  mirror: (site: string, key: string) => `mirrors/${site}/${key}`,
  incident: (instance: string, incident: string) => `incidents/${instance}/${incident}.json`,
  flag: (id: string) => `flags/${id}.json`,
  lock: (instance: string) => `locks/${instance}.json`,
  /** A person's wish that a running failover stops; written by `sla abort`, read by every step before promote. */
  abort: (instance: string) => `aborts/${instance}.json`,
  /** A failover's question to a person, and the answer. */
  approval: (instance: string, failover: string) => `approvals/${instance}/${failover}.json`,
  seal: (instance: string, failover: string) => `sealed/${instance}/${failover}.json`,
  debt: (instance: string, kind: string) => `debts/${instance}/${kind}.json`,
  failover: (instance: string, failover: string, step: string) =>
    `failovers/${instance}/${failover}/${step}.json`,
  /** What the machine that builds a new standby found and did. */
  reprotect: (instance: string, reprotect: string, step: string) =>
    `reprotects/${instance}/${reprotect}/${step}.json`,
  /** Of the new standbys in a region: which are built now, and which wait. */
  turns: (region: string) => `reprotects/region--${region}/turns.json`,
  /** An old primary that a person had deleted: why, and the name of its last snapshot. */
  retired: (instance: string, database: string) => `retired/${instance}/${database}.json`,
  /** Marks one mail as being sent, then as sent, so that a repeat sends nothing. */
  mail: (instance: string, incident: string, notice: string, recipient: string) =>
    `mails/${instance}/${incident}/${notice}-${recipient}.json`,
  /** How the backups of a region were at the last pass of its site. */
  shelf: (region: string) => `shelves/${region}.json`,
  /** What a pass of a site did about its backups, and why. */
  backupDeeds: (at: string, region: string) =>
    `backups/${at.slice(0, 10)}/${at.slice(11, 23).replaceAll(/[:.]/g, "")}-${region}.json`,
  /** A person's leave to delete more backups at once than a rotation does. */
  prune: (instance: string) => `prunes/${instance}.json`,
  /** A person's wish for a dump of now. */
  fresh: (instance: string) => `fresh/${instance}.json`,
  /** A customer who leaves: why, and with which dump. */
  left: (instance: string) => `left/${instance}.json`,
  /** What the primary said of its content when a backup was taken. */
  figures: (instance: string, backup: string) => `figures/${instance}/${backup}.json`,
  /** What a restore test found. */
  restore: (instance: string, test: string, part: string) =>
    `restores/${instance}/${test}/${part}.json`,
  /** What came of starting a machine from an image. */
  imageTest: (instance: string, test: string) => `image-tests/${instance}/${test}.json`,
  /** A primary that a person cut off on purpose: `begun` before anything was changed, `record` at its end. */
  gameDay: (instance: string, gameDay: string, part: "begun" | "record") =>
    `game-days/${instance}/${gameDay}/${part}.json`,
  /** A link to a frozen copy; its id does not open it. */
  link: (instance: string, id: string) => `links/${instance}/${id}.json`,
  /** Somebody has followed it. `request`: as Lambda names it. */
  access: (access: AccessKey, request: string) =>
    `accesses/${access.instance}/${access.link}/${access.at.replaceAll(/\D/g, "")}-${request}.json`,
  /** Single files that were asked for through it, on a day of UTC. */
  fetches: (instance: string, link: string, day: string) =>
    `fetches/${instance}/${link}/${day}.json`,
  /** A dump that was sent to the customer's own destination. */
  delivery: (instance: string, backup: string) => `deliveries/${instance}/${backup}.json`,
  /** How the last attempt to send one went. */
  delivering: (instance: string) => `delivering/${instance}.json`,
  /** What a region lacked of all that a recovery there would need. */
  prepared: (region: string) => `prepared/${region}.json`,
  /** What the last look at the account found. */
  live: (region: string) => `live/${region}.json`,
  /** Maintenance as it was announced. */
  maintenance: (window: string) => `maintenance/${window}.json`,
  /** That it does not take place, or ended before its time. */
  cancellation: (window: string) => `maintenance/${window}.cancelled.json`,
  /** What somebody said of an incident afterwards. `at`: ISO 8601. */
  annotation: (instance: string, incident: string, at: string) =>
    `annotations/${instance}/${incident}/${at.replaceAll(/\D/g, "")}.json`,
  /** A person is wanted for an incident, and is called until one acknowledges. */
  call: (instance: string, id: string) => `calls/${instance}/${id}.json`,
  /** Who takes care of it. */
  ack: (instance: string, id: string) => `acks/${instance}/${id}.json`,
  /** An event for a webhook. `day`: of UTC, since when it is tried. */
  hook: (webhook: string, day: string, event: string) => `hooks/${webhook}/${day}/${event}.json`,
  /** What links to acknowledge are signed with; no instance is called so. */
  ackSeal: () => "sealed/acks--links/secret.json",
  /** What status pages would forget with the process that writes them. */
  status: (region: string) => `status/${region}.json`,
  /** What sealed days came to, of those that status pages show. */
  statusDays: () => "status/days.json.gz",
  /** A month's report of an instance, or of the fleet. */
  report: (month: string, name: string, form: "json" | "html" | "csv") =>
    `reports/${month}/${name}.${form}`,
  /** That somebody has tried: until it is published it is owed. */
  reportBegun: (month: string) => `reports/${month}/begun.json`,
  /** That all of a month's reports are there, and what they are. */
  published: (month: string) => `reports/${month}/published.json.gz`,
  /** Of whose month ended first, while others wait. */
  publishedThrough: (month: string, day: string) => `reports/${month}/published-${day}.json.gz`,
  /** Marks the mail of a report as sent. */
  reportMail: (month: string, instance: string, recipient: string) =>
    `reports/${month}/mails/${instance}-${recipient}.json`,
  /** What happened to a request for support. */
  ticket: (instance: string, id: string) => `tickets/${instance}/${id}.json`,
  /** What several shards tell at once, on its way into one mail. */
  storm: (of: "mails") => `storms/${of}.json`,
  /** A notice of which some mail could not leave. */
  unsent: (instance: string, incident: string, notice: string) =>
    `unsent/${instance}/${incident}/${notice}.json`,
} as const;

/** Below which the frozen bucket has those of a site. */
export const frozenSeals = (site: string) => `seals/${site}/`;

interface AccessKey {
  readonly instance: string;
  readonly link: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Ticks begin within a second only where a pace divides the minute; on AWS this is empty. */
const fraction = (slot: string) => /\.(\d*[1-9]\d*)/.exec(slot)?.[1] ?? "";

/** `left/<instance>.json`: a customer who leaves. */
export interface Left {
  readonly instance: string;
  /** ISO 8601. */
  readonly at: string;
  /** ARN of whoever decided it. */
  readonly by: string;
  readonly reason: string;
  /** Name of the backup that was dumped last; absent: none was. */
  readonly export?: string;
  /** They stay after all. */
  readonly undone?: { readonly at: string; readonly by: string; readonly reason: string };
}
