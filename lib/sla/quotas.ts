import { backupQuotaNeeds } from "./backup-quotas.ts";
import { restoresAtOnce } from "./dump-load.ts";
import type { Fleet } from "./fleet.ts";
import { type QuotaNeed, roundedUp } from "./quota-need.ts";
import { recipients } from "./recipients.ts";
import { FAILOVERS_AT_ONCE } from "./region-incident.ts";
import { describeRegion, hasFunctionUrls } from "./regions.ts";
import { shardsOf } from "./shards.ts";
import { ticketSites } from "./support/ticket-sites.ts";
import { REPLICAS_AT_ONCE } from "./turns.ts";

/** Concurrent executions of Lambda that each site's stack reserves, by what for; `each` of so many functions. */
export const RESERVED = {
  failover: { each: FAILOVERS_AT_ONCE, functions: 6 },
  flag: { each: 20, functions: 1 },
  approve: { each: 5, functions: 1 },
  rotate: { each: 1, functions: 1 },
} as const;

/** Likewise, where frozen copies are made: that many clicks on links to them. */
export const DOWNLOADS_AT_ONCE = 5;

/** Likewise, where customers have an API. */
export const CUSTOMERS_AT_ONCE = 5;

/** Likewise, where a helpdesk has an API. */
export const HELPDESK_AT_ONCE = 5;

/** Likewise, where dumps are sent: that many customers' lines at once. */
export const DELIVERIES_AT_ONCE = 20;

/** Of every site. */
export const reservedPerSite = (): number =>
  Object.values(RESERVED).reduce((sum, { each, functions }) => sum + each * functions, 0);

function reservedIn(fleet: Counted, region: string): number {
  const answers = fleet.provider.helpdesk && ticketSites(fleet).includes(region);
  return reservedPerSite() + (answers ? HELPDESK_AT_ONCE : 0) + reservedForCopies(fleet, region);
}

/** Where frozen copies are made. */
function reservedForCopies({ frozen, customers, instances }: Counted, region: string): number {
  if (frozen?.region !== region) return 0;
  const isSent = instances.some(({ destination }) => destination !== undefined);
  const sent = isSent ? DELIVERIES_AT_ONCE : 0;
  if (!hasFunctionUrls(region)) return sent;
  return sent + DOWNLOADS_AT_ONCE + (customers ? CUSTOMERS_AT_ONCE : 0);
}

/** How much one invocation takes; a look may begin while the one before has not ended. */
export const AT_WORK = { looks: 2, probeBatch: 150, sqlBatch: 80, payers: 6, mails: 8 } as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: a new account may begin with ten. */
export const LAMBDA_QUOTA = {
  code: "L-B99A9384",
  granted: 1000,
  newAccount: 10,
  leave: 100,
} as const;
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
const DATABASES = { code: "L-7B6409FD", granted: 40 } as const;

type Counted = Pick<
  Fleet,
  "control" | "instances" | "sites" | "plans" | "provider" | "frozen" | "customers"
>;

/** Every need of every site, in the order of the fleet's sites, then of backups. */
export const quotaNeeds = (fleet: Counted): readonly QuotaNeed[] => [
  ...Object.keys(fleet.sites).flatMap((region) => [
    lambdaNeed(fleet, region),
    rdsNeed(fleet, region),
    ...mailNeeds(fleet, region),
  ]),
  ...backupQuotaNeeds(fleet),
];

function lambdaNeed(fleet: Counted, region: string): QuotaNeed {
  const reserved = reservedIn(fleet, region);
  const shared = Math.max(LAMBDA_QUOTA.leave, unreserved(fleet));
  const needs = reserved + shared;
  const { code, granted } = LAMBDA_QUOTA;
  return {
    ...{ region, service: "lambda", quota: "Concurrent executions", code, needs, granted },
    ...(needs > granted && { ask: roundedUp(needs, 500) }),
    because: `${reserved} reserved for failovers, flags, pages and rotation, ${shared} left to all others`,
  };
}

/** All functions without concurrency of their own at once: the minute in which a whole region is lost. */
function unreserved({ instances }: Pick<Counted, "instances">): number {
  const shards = shardsOf({ instances }).length;
  const { looks, probeBatch, sqlBatch, payers, mails } = AT_WORK;
  const perLook = 2 * shards + Math.ceil(instances.length / probeBatch) + shards;
  // Both sides of an instance are read, and its heartbeat is written.
  const sql = 2 * (Math.ceil(instances.length / sqlBatch) + shards);
  return looks * (perLook + sql) + payers + mails + REPLICAS_AT_ONCE;
}

/** Primaries and standbys; after a lost region old primaries and their successors stand side by side until they are retired. */
function rdsNeed(fleet: Counted, region: string): QuotaNeed {
  const { instances, plans } = fleet;
  const primaries = instances.filter(({ home }) => home === region);
  const standbys = instances.filter(({ standby }) => standby === region);
  const twice = Math.max(
    primaries.filter(({ standby }) => standby !== undefined).length,
    standbys.length,
  );
  const isTested = instances.some(
    ({ plan, home, standby, copies }) =>
      plans[plan]?.backups && [home, standby, ...copies].includes(region),
  );
  const restored = isTested ? restoresAtOnce(fleet, region) : 0;
  const needs = primaries.length + standbys.length + twice + restored;
  const { code, granted } = DATABASES;
  return {
    ...{ region, service: "rds", quota: "DB instances", code, needs, granted },
    ...(needs > granted && { ask: roundedUp(needs, 10) }),
    because: `${primaries.length} primaries, ${standbys.length} standbys, and ${twice} new standbys beside old primaries after a lost region${restored === 0 ? "" : `, and ${restored} restored for tests and dumps`}`,
  };
}

/** https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const FILTERS = { granted: 200 } as const;

/** Everybody who hears of a site has a subscription with a filter of its own. */
function mailNeeds(fleet: Counted, region: string): readonly QuotaNeed[] {
  const needs = recipients(fleet, region).length;
  if (needs <= FILTERS.granted) return [];
  return [
    {
      ...{ region, service: "sns", quota: "Filter policies per topic", needs, ...FILTERS },
      ask: roundedUp(needs, 100),
      because: `${needs} addresses hear of this site, each of its own instances`,
    },
  ];
}

/** Needs beyond what AWS grants, each with the number to ask for, or what to do instead, for people. */
export const beyondQuotas = (fleet: Counted): readonly string[] =>
  quotaNeeds(fleet).flatMap((need) => {
    const { region, service, quota, code, needs, granted, because } = need;
    const remedy = need.ask === undefined ? need.instead : `ask for ${need.ask}`;
    if (remedy === undefined) return [];
    const unlessAsked = need.ask === undefined ? "" : " unless asked";
    return [
      `${describeRegion(region)}: ${NAMES[service]} quota '${quota}'${code ? ` (${code})` : ""} has to be at least ${needs}, AWS grants ${granted}${unlessAsked}: ${because}; ${remedy}`,
    ];
  });

const NAMES = { lambda: "Lambda", rds: "RDS", sns: "SNS" } as const;

/** What no offline check can know: how much this very account was granted. */
export function lambdaQuotaLine(fleet: Counted): string {
  const needs = Math.max(
    0,
    ...quotaNeeds(fleet).flatMap((it) => (it.service === "lambda" ? it.needs : [])),
  );
  const reserved = Math.max(...Object.keys(fleet.sites).map((site) => reservedIn(fleet, site)));
  const { code, granted, newAccount } = LAMBDA_QUOTA;
  return `Each site needs ${needs} concurrent executions of Lambda (quota ${code}): ${reserved} reserved, the rest shared. AWS's default is ${granted}, new accounts begin with ${newAccount}: if aws lambda get-account-settings says less, ask for ${Math.max(granted, roundedUp(needs, 500))} in ${Object.keys(fleet.sites).join(", ")}`;
}
