import type { Finding, Sold } from "./check.ts";
import type { Plan } from "./plan.ts";

/** One promise in words; undefined where the plan does not make it. */
type Words = (plan: Plan) => string | undefined;

/** Promises whose machinery is still to come: they are shown, and never shown as kept. */
const COMING: readonly (readonly [promise: string, covers: Finding["covers"], words: Words])[] = [
  [
    "Multi-AZ",
    "database",
    ({ multiAz }) => (multiAz.required ? "live copy, same site" : undefined),
  ],
  [
    "availability",
    "application",
    ({ availability: promised }) => promised && `${promised.objectivePercent} % a month`,
  ],
  ["backup health", "database", ({ backupMonitoring }) => backupMonitoring?.hours],
  [
    "encryption",
    "application",
    ({ encryption }) => encryption && (encryption.atRest ? "at rest, in transit" : "in transit"),
  ],
  ["isolation", "database", ({ isolation }) => isolation?.replaceAll("-", " ")],
  ["maintenance", "application", ({ maintenance }) => maintenance && noticeWords(maintenance)],
  [
    "support",
    "application",
    ({ support }) => support && `${support.hours.from}-${support.hours.to}`,
  ],
  ["credits", "application", ({ credits }) => credits && `up to ${most(credits.bands)} %`],
];

/** The promises about the service that this version only states. */
export const servicePromises = ({ plan }: Sold): readonly Finding[] =>
  COMING.flatMap(([promise, covers, words]) => {
    const promised = words(plan);
    return promised === undefined ? [] : [{ promise, status: "not-yet-covered", promised, covers }];
  });

const noticeWords = ({ noticeHours }: NonNullable<Plan["maintenance"]>) =>
  noticeHours === undefined ? "announced" : `announced ${noticeHours} h before`;

const most = (bands: readonly { readonly creditPercent: number }[]) =>
  Math.max(0, ...bands.map(({ creditPercent }) => creditPercent));
