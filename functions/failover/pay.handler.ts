import { failoverHere } from "../aws/failover-here.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { seatedFence, seatedRegistry } from "../aws/rds-seated.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import type { Notice } from "../notify/contract.ts";
import { debtBook } from "./debts-here.ts";
import { afterRound, payDebts } from "./pay.ts";
import { mailPayer } from "./pay-mails.ts";

const { clock, here, ledgers, region } = failoverHere(process.env);
const post = lambdaMessenger(clock);
const [registry, fence] = [seatedRegistry(clock), seatedFence(clock)];
const ports = {
  sql: remoteSql(clock),
  messenger: { notify: (notice: Notice) => post.notify({ notices: [notice] }) },
};
const book = debtBook(ledgers, region);
const payMails = mailPayer(ledgers(region), post, clock);

export const handler = lambda(async () => {
  const site = await here();
  const world = { ...site, ...ports, registry: registry(site.fleet), fence: fence(site.fleet) };
  const outcomes = await payDebts(world, book);
  for (const each of outcomes) console.log(JSON.stringify({ level: "info", ...each }));
  await payMails();
  return afterRound(outcomes);
});
