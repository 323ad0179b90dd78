/** BSS Cloud by Binhex: North American instances whose backups lie in Europe, taken twice a day. */
export const binhex = {
  name: "binhex",
  watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 },
  multiAz: { required: true, waitSeconds: 180 },
  serverLoss: { rpoSeconds: 300, rtoSeconds: 1800, includesDns: true },
  siteLoss: { rpoSeconds: 86_400, rtoSeconds: 86_400, includesDns: true },
  availability: { objectivePercent: "99.9", exclusions: ["planned-maintenance"] },
  residency: { home: ["US", "CA"], standby: ["US", "CA"], backups: ["Europe"] },
  replication: "real-time",
  backups: {
    contents: ["database", "filestore"],
    schedules: [{ every: "1d", at: ["06:00", "15:00"] }],
    rotation: { perDay: 2, days: 4, weeks: 4, months: 3, count: 15, oldestMonths: 3 },
    instanceVersions: 5,
  },
  copies: { places: 2 },
  downloads: "any-time",
  encryption: { inTransit: true },
  isolation: "database-per-customer",
  maintenance: { channels: ["e-mail"], outsideBusinessHours: true, usually: "monthly" },
} as const;
