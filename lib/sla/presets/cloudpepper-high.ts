/**
 * Cloudpepper, high availability: an hour to restore the newest backup on a replacement. The customer
 * sets the schedules; these are the published example, whose longest gap is the RPO.
 */
export const cloudpepperHigh = {
  name: "cloudpepper-high",
  watch: { everySeconds: 60, badRounds: 3, goodRounds: 2 },
  multiAz: { required: false, waitSeconds: 0 },
  serverLoss: { rpoSeconds: 3600, rtoSeconds: 3600, includesDns: true, rpoFrom: "newest-backup" },
  siteLoss: { rpoSeconds: 3600, rtoSeconds: 3600, includesDns: true, rpoFrom: "newest-backup" },
  availability: {
    objectivePercent: "99.9",
    exclusions: [
      "planned-maintenance",
      "emergency-maintenance",
      "customer-code",
      "customer-software",
      "third-party",
      "denial-of-service",
      "customer-action",
      "customer-destination",
      "force-majeure",
      "customer-infrastructure",
      "unverified",
    ],
  },
  residency: { backups: ["FR"] },
  replication: "hardware",
  backups: {
    contents: ["database", "filestore"],
    schedules: [
      { every: "1h", keep: "24h" },
      { every: "1d", keep: "30d" },
      { every: "1mo", keep: "12mo" },
    ],
  },
  copies: { places: 1, awayFromProduction: true },
  downloads: "own-destination",
  backupMonitoring: { hours: "24/7", dashboard: true },
  encryption: { atRest: true, inTransit: true },
  isolation: "environment-per-instance",
  maintenance: { noticeHours: 24, channels: ["e-mail"], outsideBusinessHours: true },
  support: {
    hours: {
      weekdays: [1, 2, 3, 4, 5],
      from: "09:00",
      to: "18:00",
      timezone: "Europe/Brussels",
      holidays: "BE",
    },
    replies: [
      {
        priority: 1,
        within: { amount: 30, unit: "minutes" },
        clock: "24/7",
        onlyWithPaging: true,
      },
      { priority: 2, within: { amount: 2, unit: "hours" }, clock: "business-hours" },
      { priority: 3, within: { amount: 1, unit: "days" }, clock: "business-hours" },
      { priority: 4, within: { amount: 2, unit: "days" }, clock: "business-hours" },
    ],
  },
  credits: {
    bands: [
      { belowPercent: "99.9", fromPercent: "99.0", creditPercent: 5 },
      { belowPercent: "99.0", fromPercent: "95.0", creditPercent: 10 },
      { belowPercent: "95.0", fromPercent: "0", creditPercent: 25 },
    ],
    capPercent: 100,
    claimDays: 30,
  },
} as const;
