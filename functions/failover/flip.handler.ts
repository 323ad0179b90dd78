import { failoverHere } from "../aws/failover-here.ts";
import { remoteVantages } from "../aws/probe-remote.ts";
import { route53Checks } from "../aws/route53-checks.ts";
import { route53Signpost } from "../aws/route53-signpost.ts";
import { lambda } from "../kernel/lambda.ts";
import { dnsOracle } from "./dns-oracle.ts";
import { FLIP } from "./flip-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const ports = {
  signpost: route53Signpost(clock),
  oracle: dnsOracle(clock),
  vantages: remoteVantages(clock),
  stopChecks: route53Checks(clock),
};

export const handler = lambda(async (event: StepEvent) =>
  take(FLIP, { ...(await here()), ...ports }, event),
);
