import { openMonth } from "../../lib/books/open-month.ts";
import { sumDays } from "../../lib/books/sum-days.ts";
import { editionOf } from "../../lib/report/edition.ts";
import { timezonesOf } from "../../lib/sla/books/timezone.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { s3Ledgers } from "../aws/s3-ledger.ts";
import { s3Library } from "../aws/s3-library.ts";
import { sesPost } from "../aws/ses-post.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { keys, ledgerEnv } from "../ledger/contract.ts";
import { fleetReader } from "../ledger/fleet.ts";
import type { ReportQuestion } from "./contract.ts";
import { isPart } from "./is-part.ts";
import { lastMonth } from "./last-month.ts";
import { eachMonth, owedMonths } from "./owed-months.ts";
import { allPublished, type Issue, publish } from "./publish.ts";
import { type SealedMonth, sealedMonth } from "./sealed-month.ts";
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
  const last = lastMonth(clock.now().getTime(), timezonesOf(deployed));
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
  const evidence = await sealedMonth(month, deployed, ledgers);
  if (evidence.shelves.length === 0) return { month, state: "nobody watched yet" };
  const report = await publish(month, ports, () => composed(month, deployed, evidence));
  console.log(JSON.stringify({ level: "info", ...report }));
  return allPublished(report);
}

/** Of those for whom the month has ended by what is sealed. */
async function composed(
  month: string,
  deployed: Fleet,
  { shelves, through }: SealedMonth,
): Promise<Issue> {
  const now = () => clock.now().getTime();
  const wish = { month, instances: deployed.instances, through, now };
  const open = await openMonth(wish, deployed, shelves);
  const othersWait = isPart(open);
  const edition = editionOf(open, { sha256, isPart: othersWait }, deployed);
  return othersWait ? { ...edition, through } : edition;
}
