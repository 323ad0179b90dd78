import { failoverHere } from "../aws/failover-here.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { seatedRegistry } from "../aws/rds-seated.ts";
import { route53Checks } from "../aws/route53-checks.ts";
import { route53Signpost } from "../aws/route53-signpost.ts";
import { lambda } from "../kernel/lambda.ts";
import type { Notice } from "../notify/contract.ts";
import { debtBook } from "./debts-here.ts";
import { dnsOracle } from "./dns-oracle.ts";
import { afterRound } from "./pay.ts";
import { payRecords } from "./pay-records.ts";
import { turnstile } from "./turnstile.ts";

/** Of five a second that an account has; failovers under way and people have the rest, and another site pays too. */
const CALLS_A_SECOND = 1;

const { clock, here, ledgers, region } = failoverHere(process.env);
const post = lambdaMessenger(clock);
const turn = turnstile(clock, CALLS_A_SECOND);
const registry = seatedRegistry(clock);
const ports = {
  signpost: route53Signpost(clock, turn),
  checks: route53Checks(clock, turn),
  oracle: dnsOracle(clock),
  messenger: { notify: (notice: Notice) => post.notify({ notices: [notice] }) },
};
const book = debtBook(ledgers, region);

export const handler = lambda(async () => {
  const site = await here();
  const outcomes = await payRecords({ ...site, ...ports, registry: registry(site.fleet) }, book);
  for (const each of outcomes) console.log(JSON.stringify({ level: "info", ...each }));
  return afterRound(outcomes);
});
