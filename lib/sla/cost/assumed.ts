/** What the model assumes where nothing says it: each is on the generous side, so that a bill should be smaller. */
export const ASSUMED = {
  /** Seconds of the last look of a minute, and of an invocation that finds nothing to do. */
  lookSeconds: 2,
  idleSeconds: 0.5,
  /** Seconds of one batch of probes, and of one batch of SQL. */
  probeSeconds: 2,
  sqlSeconds: 0.5,
  /** Requests to the ledger a minute: of a site, and of each shard that is looked at there. */
  siteWrites: 8,
  siteReads: 20,
  shardWrites: 5,
  shardReads: 10,
  /** What an invocation leaves in a log. */
  logBytes: 1000,
  /** What a look leaves of an instance in the ledger, compressed, and for how many months it stays. */
  lookBytes: 8,
  keptMonths: 13,
  /** Invocations a month of a site that are not of every minute, and what they take. */
  otherInvocations: 12_000,
  otherSeconds: 5,
  /** Mails a month: of the fleet, and of an instance. */
  mails: 500,
  mailsOfInstance: 5,
  /** Of a restore test with what follows it: hours of a database, transitions, GB a second that a dump reads. */
  testHours: 1,
  testTransitions: 60,
  dumpGbPerSecond: 0.03,
  /** Of a test of an image: hours of a machine with its disks, transitions. */
  imageTestHours: 0.5,
  imageTestTransitions: 60,
  /** Storage that a database was given for each GB that it holds, and log for each GB that changes. */
  allocatedPerGb: 2,
  logPerChange: 1.5,
  /** Members of a cluster, the writer among them: of Aurora in each region, and of a Multi-AZ DB cluster, which has no other number. */
  auroraMembers: 2,
  multiAzClusterMembers: 3,
  /** Of a machine's disks, what changes in a day: logs and files of the application. */
  machineChange: 0.02,
} as const;
