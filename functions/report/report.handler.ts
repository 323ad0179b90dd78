import { openMonth } from "../../lib/books/open-month.ts";
import { sumDays } from "../../lib/books/sum-days.ts";
import { editionOf } from "../../lib/report/edition.ts";
import { monthBefore, monthSpan } from "../../lib/sla/books/month.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { mirrorOf } from "../../lib/sla/mirror.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { s3Library } from "../aws/s3-library.ts";
import { sesPost } from "../aws/ses-post.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { keys, ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { Shelf } from "./answering.ts";
import type { ReportQuestion } from "./contract.ts";
import { dayOf } from "./days.ts";
import { formerSites } from "./former-sites.ts";
import { eachMonth, owedMonths } from "./owed-months.ts";
import { allPublished, type Issue, publish } from "./publish.ts";
import { sealedShelves } from "./sealed-shelves.ts";
import { sha256 } from "./sha256.ts";

const env = parseEnv({ ...ledgerEnv, AWS_REGION: text }, process.env);
const [account, region, clock] = [env.SLA_ACCOUNT, env.AWS_REGION, clockFrom(process.env)];
const ledgers = s3Ledgers({ account, clock });
const ledger = ledgers(region);
const fleet = fleetReader(ledger, env.FLEET_KEY);
const library = s3Library(clock, { account, region });

export const handler = lambda(async (event: Partial<ReportQuestion>) => {
  const deployed = await fleet();
  if (event.month !== undefined) return published(event.month, deployed);
  const last = monthBefore(clock.now().getTime(), deployed.provider.timezone);
  const months = [...(await owedMonths(ledger, last)), last];
  const [publishing] = await Promise.allSettled([
    eachMonth(months, (month) => published(month, deployed)),
  ]);
  const [summing] = await Promise.allSettled([summed(deployed)]);
  if (publishing.status === "rejected") throw publishing.reason;
  if (summing.status === "rejected") throw summing.reason;
  return publishing.value;
});

/** A month that cannot be published keeps no page from its days, nor the other way round. */
async function summed(deployed: Fleet): Promise<void> {
  if (!deployed.status) return;
  const now = () => clock.now().getTime();
  const report = await sumDays({ fleet: deployed, ledgers, ledger, now });
  console.log(JSON.stringify({ level: "info", ...report }));
}

async function published(month: string, deployed: Fleet) {
  const { reports } = deployed;
  await ledger.create(keys.reportBegun(month), { month, at: clock.now().toISOString() });
  const post = reports && sesPost(clock, reports.from);
  const ports = { ledger, library, clock, post };
  const shelves = await shelvesFor(month, deployed);
  if (shelves.length === 0) return { month, state: "nobody watched yet" };
  const report = await publish(month, ports, () => composed(month, deployed, shelves));
  console.log(JSON.stringify({ level: "info", ...report }));
  return allPublished(report);
}

async function shelvesFor(month: string, deployed: Fleet): Promise<readonly Shelf[]> {
  const { fromMs, toMs } = monthSpan(month, deployed.provider.timezone);
  const sites = Object.keys(deployed.sites);
  const places = sites.map((site) => ({ site, mirror: mirrorOf(site, deployed) }));
  const lastDay = dayOf(toMs - 1);
  const shelves = await sealedShelves(places, { ledgers, lastDay });
  if (shelves.length === 0) return shelves;
  const keepers = sites.map((name) => ({ name, shelf: ledgers(name) }));
  const former = await formerSites(sites, keepers, [dayOf(fromMs), lastDay]);
  return [...shelves, ...former.map(({ shelf }) => shelf)];
}

async function composed(month: string, deployed: Fleet, shelves: readonly Shelf[]): Promise<Issue> {
  const { timezone } = deployed.provider;
  const span = monthSpan(month, timezone);
  const now = () => clock.now().getTime();
  const { instances } = deployed;
  const wish = { month, timezone, span, endMs: span.toMs, instances, now };
  return editionOf(await openMonth(wish, deployed, shelves), { sha256 }, deployed);
}
