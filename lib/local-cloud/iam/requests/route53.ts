import type { ChangeResourceRecordSetsRequest } from "@aws-sdk/client-route-53";
import { type Row, type Rows, rowsOf } from "./row.ts";

const named =
  (action: string, kind: string, member: string): Row =>
  (input: Readonly<Record<string, string | undefined>>) => [
    { action: `route53:${action}`, resource: arn(kind, input[member]) },
  ];

/** Ids come with or without what they are: `/hostedzone/Z1`. */
const arn = (kind: string, id = "") => `arn:aws:route53:::${kind}/${id.split("/").at(-1)}`;

const change: Row = ({ HostedZoneId, ChangeBatch }: ChangeResourceRecordSetsRequest) => {
  const changes = ChangeBatch?.Changes ?? [];
  const names = changes.map(({ ResourceRecordSet }) => ResourceRecordSet?.Name ?? "");
  return [
    {
      action: "route53:ChangeResourceRecordSets",
      resource: arn("hostedzone", HostedZoneId),
      context: {
        "route53:changeresourcerecordsetsnormalizedrecordnames": names.map((name) =>
          name.toLowerCase().replace(/\.$/, ""),
        ),
        "route53:changeresourcerecordsetsrecordtypes": changes.map(
          ({ ResourceRecordSet }) => ResourceRecordSet?.Type ?? "",
        ),
        "route53:changeresourcerecordsetsactions": changes.map(({ Action }) => Action ?? ""),
      },
    },
  ];
};

export const ROUTE53: Rows = {
  ChangeResourceRecordSets: change,
  ListResourceRecordSets: named("ListResourceRecordSets", "hostedzone", "HostedZoneId"),
  GetHostedZone: named("GetHostedZone", "hostedzone", "Id"),
  GetChange: named("GetChange", "change", "Id"),
  GetHealthCheck: named("GetHealthCheck", "healthcheck", "HealthCheckId"),
  GetHealthCheckStatus: named("GetHealthCheckStatus", "healthcheck", "HealthCheckId"),
  UpdateHealthCheck: named("UpdateHealthCheck", "healthcheck", "HealthCheckId"),
  DeleteHealthCheck: named("DeleteHealthCheck", "healthcheck", "HealthCheckId"),
  ...rowsOf("route53", [
    "ListHealthChecks",
    "ListHostedZones",
    "ListHostedZonesByName",
    "GetAccountLimit",
  ]),
};
