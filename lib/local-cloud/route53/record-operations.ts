import type {
  Change,
  ChangeResourceRecordSetsCommandInput,
  GetChangeCommandInput,
  ListResourceRecordSetsCommandInput,
} from "@aws-sdk/client-route-53";
import type { EventLog } from "../event-log.ts";
import { AwsError, type CallContext, type Operation } from "../wire/service.ts";
import { applyBatch } from "./change-batch.ts";
import type { Changes } from "./changes.ts";
import { listRecords } from "./list-records.ts";
import { lastSegment } from "./names.ts";
import { checkShape } from "./record-rules.ts";
import type { Zones } from "./zones.ts";

export interface RecordDesk {
  readonly zones: Zones;
  readonly changes: Changes;
  readonly log: EventLog;
  readonly hasHealthCheck: (id: string) => boolean;
}

export function recordOperations(desk: RecordDesk): Record<string, Operation> {
  return {
    ChangeResourceRecordSets: async (
      input: ChangeResourceRecordSetsCommandInput,
      context: CallContext,
    ) => ({ ChangeInfo: change(desk, input, context) }),
    ListResourceRecordSets: async (input: ListResourceRecordSetsCommandInput) =>
      listRecords(desk.zones.get(input.HostedZoneId).book, input),
    GetChange: async ({ Id }: GetChangeCommandInput) => ({ ChangeInfo: desk.changes.get(Id) }),
  };
}

function change(
  desk: RecordDesk,
  { HostedZoneId, ChangeBatch }: ChangeResourceRecordSetsCommandInput,
  context: CallContext,
) {
  const zone = desk.zones.get(HostedZoneId);
  const asked = ChangeBatch?.Changes ?? [];
  if (asked.length === 0) {
    throw new AwsError("InvalidInput", "Invalid request: a change batch needs at least one change");
  }
  for (const one of asked) checkChange(one, desk);
  const outcome = applyBatch(zone.book, asked, zone.identity.name);
  if (outcome.kind === "refused") {
    throw new AwsError("InvalidChangeBatch", `[${outcome.problems.join(", ")}]`);
  }
  zone.book = outcome.book;
  const info = desk.changes.submit(ChangeBatch?.Comment, (id) => {
    zone.serve(outcome.book);
    record(desk.log, "ChangeInSync", context, { zone: zone.identity.id, changeId: id });
  });
  record(desk.log, "RecordsChanged", context, {
    zone: zone.identity.id,
    changeId: lastSegment(info.Id ?? ""),
    changes: outcome.effects,
  });
  return info;
}

function checkChange(one: Change, { hasHealthCheck }: RecordDesk): void {
  checkShape(one);
  const { HealthCheckId } = one.ResourceRecordSet ?? {};
  if (HealthCheckId !== undefined && !hasHealthCheck(HealthCheckId)) {
    throw new AwsError(
      "NoSuchHealthCheck",
      `No health check exists with the specified ID: ${HealthCheckId}`,
      404,
    );
  }
}

function record(
  log: EventLog,
  operation: string,
  { region, trace }: CallContext,
  detail: Readonly<Record<string, unknown>>,
) {
  log.record({ service: "route53", region, operation, ...(trace && { trace }), detail });
}
