/** Mintsys Cloud: 30 minutes with promotion and DNS, so a standby and a look every 15 s. */
export const mintsys = {
  name: "mintsys",
  watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 },
  multiAz: { required: true, waitSeconds: 180 },
  serverLoss: { rpoSeconds: 300, rtoSeconds: 1800, includesDns: true },
  siteLoss: { rpoSeconds: 86_400, rtoSeconds: 86_400, includesDns: true },
  availability: { objectivePercent: "99.9", exclusions: ["planned-maintenance"] },
  residency: { home: ["CH", "DE"], standby: ["CH", "DE"], backups: ["Europe", "CA"] },
  replication: "real-time",
  backups: {
    contents: ["database"],
    schedules: [{ every: "1d" }],
    rotation: { perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 },
  },
  snapshotSimulation: true,
  copies: { places: 3 },
  downloads: "any-time",
  encryption: { inTransit: true, grade: "A" },
  isolation: "database-per-customer",
  maintenance: {
    channels: ["e-mail"],
    outsideBusinessHours: true,
    usuallyUnderSeconds: 3600,
  },
  leaving: "end-of-month",
} as const;
