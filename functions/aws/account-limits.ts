import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  type AccountQuota,
  DescribeAccountAttributesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetAccountLimitCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Clock } from "../kernel/clock.ts";
import { BOOTSTRAP_PARAMETER } from "../live/contract.ts";
import type { Account } from "../live/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000 } as const;
/** What RDS calls a quota, and its code in Service Quotas. */
const RDS_CODES: Readonly<Record<string, string>> = {
  DBInstances: "L-7B6409FD",
  ManualSnapshots: "L-272F1212",
};
const LAMBDA_CODE = "L-B99A9384";

/** Each service is asked for its own quota: it says what is used as well, where Service Quotas does not. */
export function accountLimits(clock: Clock): Account {
  const settings = (region: string) => clientSettings(clock, { region, ...PATIENT });
  const rds = perRegion((region) => new RDSClient(settings(region)));
  const lambda = perRegion((region) => new LambdaClient(settings(region)));
  const ssm = perRegion((region) => new SSMClient(settings(region)));
  return {
    async switchedOn(from) {
      const client = new EC2Client(settings(from));
      const asked = client.send(new DescribeRegionsCommand({ AllRegions: true }));
      const { Regions = [] } = await answered(`ask ${from} which regions are on`, asked);
      return new Map(
        Regions.flatMap(({ RegionName, OptInStatus }) =>
          RegionName && OptInStatus ? [[RegionName, OptInStatus !== "not-opted-in"] as const] : [],
        ),
      );
    },

    async bootstrap(region) {
      const command = new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER });
      try {
        const asked = ssm(region).send(command);
        const { Parameter } = await answered(`read the bootstrap version of ${region}`, asked);
        return Number(Parameter?.Value ?? 0);
      } catch (cause) {
        if (errorName(cause) === "ParameterNotFound") return 0;
        throw cause;
      }
    },

    async quotas(region) {
      const attributes = rds(region).send(new DescribeAccountAttributesCommand({}));
      const account = lambda(region).send(new GetAccountSettingsCommand({}));
      const [databases, functions] = await Promise.all([
        answered(`ask RDS ${region} for its quotas`, attributes),
        answered(`ask Lambda ${region} for its quotas`, account),
      ]);
      const has = functions.AccountLimit?.ConcurrentExecutions;
      const ofLambda = has === undefined ? [] : [[LAMBDA_CODE, { has }] as const];
      return Object.fromEntries([...knownOf(databases.AccountQuotas ?? []), ...ofLambda]);
    },

    async healthChecks() {
      const client = new Route53Client(settings("us-east-1"));
      const command = new GetAccountLimitCommand({ Type: "MAX_HEALTH_CHECKS_BY_OWNER" });
      const { Limit, Count = 0 } = await answered(
        "ask Route 53 for its limit",
        client.send(command),
      );
      return { has: Limit?.Value ?? 0, uses: Count };
    },
  };
}

const knownOf = (quotas: readonly AccountQuota[]) =>
  quotas.flatMap(({ AccountQuotaName = "", Max, Used }) => {
    const code = RDS_CODES[AccountQuotaName];
    return code === undefined || Max === undefined
      ? []
      : [[code, { has: Max, ...(Used !== undefined && { uses: Used }) }] as const];
  });
