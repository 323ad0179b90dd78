import type {
  CreateHealthCheckCommandInput,
  HealthCheckConfig,
  ListHealthChecksCommandInput,
} from "@aws-sdk/client-route-53";
import { AwsError, type Operation } from "../wire/service.ts";
import { GRANTED_CHECKS, type HealthChecks } from "./health-checks.ts";

const POLLED = ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH"];
const TYPES = [...POLLED, "CALCULATED"];
/** AWS's page size, and its limit of it. */
const MAX_CHECKS = 1000;

export function healthCheckOperations(checks: HealthChecks): Record<string, Operation> {
  return {
    CreateHealthCheck: async (input: CreateHealthCheckCommandInput) => {
      const { CallerReference = "", HealthCheckConfig } = input;
      const { shape } = checks.create(CallerReference, checked(HealthCheckConfig, checks));
      return {
        HealthCheck: shape,
        Location: `https://route53.amazonaws.com/2013-04-01/healthcheck/${shape.Id}`,
      };
    },
    GetHealthCheck: async ({ HealthCheckId }) => ({
      HealthCheck: checks.get(HealthCheckId).shape,
    }),
    UpdateHealthCheck: async (input) => ({ HealthCheck: checks.update(input).shape }),
    DeleteHealthCheck: async ({ HealthCheckId }) => {
      checks.delete(HealthCheckId);
      return {};
    },
    ListHealthChecks: async ({ Marker, MaxItems = MAX_CHECKS }: ListHealthChecksCommandInput) => {
      const ordered = checks.all().map(({ shape }) => shape);
      const from = ordered
        .toSorted((a, b) => ((a.Id ?? "") < (b.Id ?? "") ? -1 : 1))
        .filter(({ Id = "" }) => Id >= (Marker ?? ""));
      const next = from[MaxItems];
      return {
        HealthChecks: from.slice(0, MaxItems),
        Marker: Marker ?? "",
        IsTruncated: next !== undefined,
        NextMarker: next?.Id,
        MaxItems,
      };
    },
    GetAccountLimit: async ({ Type }: { readonly Type?: string }) => {
      if (Type !== "MAX_HEALTH_CHECKS_BY_OWNER") {
        throw new AwsError(
          "NotImplemented",
          `account limit ${Type}: the local cloud knows health checks`,
          501,
        );
      }
      return { Limit: { Type, Value: GRANTED_CHECKS }, Count: checks.all().length };
    },
    GetHealthCheckStatus: async ({ HealthCheckId }) => {
      const { last } = checks.get(HealthCheckId);
      const report = last && { Status: last.status, CheckedTime: last.at };
      return { HealthCheckObservations: report ? [{ StatusReport: report }] : [] };
    },
  };
}

function checked(config: HealthCheckConfig | undefined, checks: HealthChecks): HealthCheckConfig {
  const type = config?.Type;
  if (!config || !type || !TYPES.includes(type)) {
    throw new AwsError(
      "NotImplemented",
      `health check of type ${type}: the local cloud has ${TYPES.join(", ")}`,
      501,
    );
  }
  const missing = config.ChildHealthChecks?.find((id) => !checks.has(id));
  if (missing !== undefined) {
    throw new AwsError("InvalidInput", `Invalid parameter: no child health check ${missing}`);
  }
  if (POLLED.includes(type) && !config.IPAddress && !config.FullyQualifiedDomainName) {
    throw new AwsError(
      "InvalidInput",
      "Invalid parameter: Either IP Address or Fully Qualified Domain Name must be specified.",
    );
  }
  return config;
}
