import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import {
  CUSTOMER_ROUTES,
  CUSTOMERS_FUNCTION,
  type CustomersEnv,
} from "../../functions/download/contract.ts";
import { filesBucket } from "../../functions/files/contract.ts";
import { FREEZE_FUNCTION } from "../../functions/freeze/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import type { Customers } from "../sla/fleet.ts";
import { CUSTOMERS_AT_ONCE } from "../sla/quotas.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { sellsFiles } from "./file-grants.ts";
import { jwtApi } from "./jwt-api.ts";
import type { SiteProps } from "./site.ts";

interface CustomerApiProps {
  readonly site: SiteProps;
  readonly customers: Customers;
  /** URL at which links are answered. */
  readonly page: string;
}

/** What customers ask by themselves, each with a token of the fleet's issuer. API Gateway looks at the token, the function whose it is. */
export class CustomerApi extends Construct {
  readonly answer: BundledFunction;

  constructor(scope: Construct, id: string, { site, customers, page }: CustomerApiProps) {
    super(scope, id);
    this.answer = answering(this, site, page);
    jwtApi(this, {
      ...{ name: CUSTOMERS_FUNCTION, answer: this.answer, routes: CUSTOMER_ROUTES },
      description: "hosting-sla: customers download copies of their own instances",
      ...{ issuer: customers.issuer, audience: customers.audience, scopes: customers.scopes },
      output: { stack: scope, name: "CustomerApiUrl" },
    });
  }
}

function answering(scope: Construct, site: SiteProps, page: string): BundledFunction {
  const { region } = site;
  const { account } = site.fleet.provider;
  const ledger = `arn:aws:s3:::${ledgerBucket(account, region)}`;
  const files = `arn:aws:s3:::${filesBucket(account, region)}`;
  const sites = Object.keys(site.fleet.sites).map(
    (each) => `arn:aws:s3:::${ledgerBucket(account, each)}`,
  );
  const environment: CustomersEnv = { ...site.environment, DOWNLOAD_PAGE: page };
  return new BundledFunction(scope, "Answer", {
    name: CUSTOMERS_FUNCTION,
    onlyAnswers: true,
    bundles: site.bundles,
    description: "Answers customers about copies of their own instances",
    environment: { ...environment },
    grants: [
      allow(
        ["s3:GetObject"],
        ["fleet", "links", "accesses", "fetches", "roles", "restores", "left"].map(
          (it) => `${ledger}/${it}/*`,
        ),
      ),
      allow(["s3:PutObject"], [`${ledger}/links/*`]),
      // Whether a dump has its files; none of them.
      ...(sellsFiles(site.fleet)
        ? [allow(["s3:GetObject"], [`${files}/manifests/*`, `${files}/paths/*`])]
        : []),
      // All sites are told what a customer wishes for; each looks after backups of its own.
      allow(
        ["s3:GetObject", "s3:PutObject"],
        sites.map((it) => `${it}/fresh/*`),
      ),
      // Without it a key that is not there yet answers like one that is forbidden.
      allow(["s3:ListBucket"], sites),
      allow(
        ["lambda:InvokeFunction"],
        [`arn:aws:lambda:${region}:${account}:function:${FREEZE_FUNCTION}`],
      ),
    ],
    // API Gateway waits for half a minute.
    timeout: Duration.seconds(29),
    reserved: CUSTOMERS_AT_ONCE,
    memoryMb: 256,
  });
}

/** A customer gets an error and tells nobody. */
export const customerAlarms = ({ answer }: CustomerApi): readonly SlaAlarm[] => [
  {
    name: "customers-failing",
    means: "A customer has asked for a download and got an error.",
    metric: answer.function.metricErrors({ period: Duration.hours(1) }),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
];
