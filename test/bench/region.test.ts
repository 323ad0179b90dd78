import { describe, expect, it } from "vitest";
import { fleetOfCopies } from "../../bench/region/fleet.ts";
import { callsOf } from "../../bench/region/route53-calls.ts";
import type { CloudEvent } from "../../lib/local-cloud/event-log.ts";
import { stopFlags } from "../../lib/sla/cells.ts";

const call = (at: number, operation: string, error?: string): CloudEvent => ({
  ...{ at, region: "us-east-1", service: "route53", operation },
  detail: { tookMs: 1, ...(error !== undefined && { error }) },
});

describe("calls to Route 53", () => {
  it("are counted in the busiest ten seconds of plan time, those turned away apart", () => {
    const events = [
      // At pace 10 a second of the machine is ten of the plan.
      ...Array.from({ length: 30 }, (_, index) => call(1000 + index, "GetChange")),
      call(2500, "ChangeResourceRecordSets"),
      call(2600, "ChangeResourceRecordSets"),
      call(2700, "GetChange", "Throttling"),
      call(500, "GetChange"),
      { ...call(1000, "GetChange"), service: "s3" },
      { ...call(1000, "RecordsChanged"), detail: { zone: "Z1" } },
    ];
    const calls = callsOf(events, 1000, 10);
    expect(calls).toEqual({ total: 32, throttled: 1, aSecond: 3, perInstance: 16.5 });
  });
});

describe("a fleet of copies", () => {
  it("is one cell in one region, however many there are", () => {
    const fleet = fleetOfCopies("examples/fleet.yaml", 50);
    expect(fleet.instances).toHaveLength(50);
    expect(new Set(fleet.instances.map(({ dns }) => dns.names.database)).size).toBe(50);
    expect(stopFlags(fleet).map(({ members }) => members.length)).toEqual([50]);
  });
});
