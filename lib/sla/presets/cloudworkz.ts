/** Cloudworkz BAS: at most 120 minutes lost (60 are typical), promotion and DNS outside its RTO. */
export const cloudworkz = {
  name: "cloudworkz",
  watch: { everySeconds: 60, badRounds: 3, goodRounds: 2 },
  multiAz: { required: true, waitSeconds: 180 },
  serverLoss: { rpoSeconds: 7200, rtoSeconds: 14_400, includesDns: false },
  siteLoss: { rpoSeconds: 86_400, rtoSeconds: 172_800, includesDns: false },
  availability: { objectivePercent: "99.9", exclusions: ["planned-maintenance"] },
  residency: { home: ["SE"], standby: ["Europe"], backups: ["Europe"] },
  replication: "real-time",
  backups: { contents: ["instance"], schedules: [{ every: "1d", keep: "90d" }] },
  copies: { places: 2 },
  downloads: "by-agreement",
  restoreTests: { every: "unstated" },
  backupMonitoring: { hours: "24/7", dashboard: false },
  encryption: { inTransit: true, grade: "A" },
  isolation: "database-per-customer",
  support: {
    hours: {
      weekdays: [1, 2, 3, 4, 5],
      from: "08:00",
      to: "17:00",
      timezone: "local",
      holidays: "local",
    },
    productionMonitored: "24/7",
  },
} as const;
