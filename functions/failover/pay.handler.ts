import { failoverHere } from "../aws/failover-here.ts";
import { lambdaMessenger } from "../aws/lambda-messenger.ts";
import { rdsFence } from "../aws/rds-fence.ts";
import { rdsRegistry } from "../aws/rds-registry.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import type { Notice } from "../notify/contract.ts";
import { debtBook } from "./debts-here.ts";
import { afterRound, payDebts } from "./pay.ts";
import { mailPayer } from "./pay-mails.ts";

const { clock, here, ledgers, region } = failoverHere(process.env);
const post = lambdaMessenger(clock);
const ports = {
  registry: rdsRegistry(clock),
  sql: remoteSql(clock),
  fence: rdsFence(clock),
  messenger: { notify: (notice: Notice) => post.notify({ notices: [notice] }) },
};
const book = debtBook(ledgers, region);
const payMails = mailPayer(ledgers(region), post, clock);

export const handler = lambda(async () => {
  const outcomes = await payDebts({ ...(await here()), ...ports }, book);
  for (const each of outcomes) console.log(JSON.stringify({ level: "info", ...each }));
  await payMails();
  return afterRound(outcomes);
});
