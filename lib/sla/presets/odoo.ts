/** Odoo Cloud: hours to recover, so no standby is needed; nothing is left out of its RTO. */
export const odoo = {
  name: "odoo",
  watch: { everySeconds: 60, badRounds: 3, goodRounds: 2 },
  multiAz: { required: false, waitSeconds: 0 },
  serverLoss: { rpoSeconds: 86_400, rtoSeconds: 21_600, includesDns: true },
  siteLoss: { rpoSeconds: 86_400, rtoSeconds: 86_400, includesDns: true },
  availability: { objectivePercent: "99.9", exclusions: ["planned-maintenance"] },
  residency: {
    home: ["Europe", "Americas", "Asia-Pacific", "Middle East and Northern Asia", "Oceania"],
    standby: ["Europe", "Americas", "Asia-Pacific", "Middle East and Northern Asia", "Oceania"],
    backups: ["Europe", "CA"],
    together: true,
  },
  replication: "near-real-time",
  backups: {
    contents: ["database"],
    schedules: [{ every: "1d" }],
    rotation: { perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 },
  },
  snapshotSimulation: true,
  copies: { places: 3 },
  frozen: { immutable: true },
  downloads: "any-time",
  encryption: { atRest: true, inTransit: true, leastCertificateBits: 2048 },
  isolation: "database-per-customer",
  maintenance: {
    channels: ["e-mail", "status-feed"],
    outsideBusinessHours: true,
    usuallyUnderSeconds: 3600,
  },
  leaving: "monthly",
} as const;
