import { describe, expect, it } from "vitest";
import { traceTransitions } from "../../../lib/drill/causality.ts";
import type { CloudEvent } from "../../../lib/local-cloud/event-log.ts";

const event = (
  at: number,
  service: string,
  operation: string,
  root?: string,
  detail = {},
): CloudEvent => ({
  at,
  region: "eu-central-1",
  service,
  operation,
  ...(root && { trace: `Root=${root};Parent=1;Sampled=1` }),
  detail,
});
const fired = (root: string, schedule: string) =>
  event(1, "scheduler", "Fired", root, { schedule, target: "x" });

describe("traceTransitions", () => {
  const watch = fired("1-aa", "sla-watch-s00");

  it("accepts what a scheduled watch began, through whatever calls", () => {
    const events = [watch, event(5, "rds", "PromoteReadReplica", "1-aa")];
    expect(traceTransitions(events, 2)).toMatchObject({ transitions: [events[1]], stray: [] });
  });

  it.each([
    ["a call without any trace", event(5, "rds", "PromoteReadReplica")],
    ["a call from another schedule", event(5, "states", "StartExecution", "1-bb")],
    ["a call with a made-up trace", event(5, "route53", "ChangeResourceRecordSets", "1-zz")],
  ])("objects to %s", (_, call) => {
    const { stray } = traceTransitions([watch, fired("1-bb", "sla-beat-s00"), call], 2);
    expect(stray).toEqual([call]);
  });

  it("accepts records that were owed from the schedule that writes them, and no fence", () => {
    const payer = fired("1-dd", "sla-records");
    const records = event(5, "route53", "ChangeResourceRecordSets", "1-dd");
    const fence = event(5, "rds", "ModifyDBInstance", "1-dd");
    expect(traceTransitions([payer, records, fence], 2).stray).toEqual([fence]);
  });

  it("accepts a fence that was owed from the schedule that pays, and no promotion", () => {
    const payer = fired("1-cc", "sla-debts");
    const fence = event(5, "rds", "ModifyDBInstance", "1-cc");
    const promotion = event(5, "rds", "PromoteReadReplica", "1-cc");
    expect(traceTransitions([payer, fence, promotion], 2).stray).toEqual([promotion]);
  });

  it("does not judge what was there before the fault, nor calls that only look", () => {
    const events = [event(1, "rds", "ModifyDBInstance"), event(5, "rds", "DescribeDBInstances")];
    expect(traceTransitions(events, 2).transitions).toEqual([]);
  });
});
