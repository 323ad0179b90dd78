import { describe, expect, it } from "vitest";
import type { Begun } from "../../../functions/failover/case.ts";
import { nextCommand } from "../../../functions/failover/next-command.ts";

const NOW = new Date("2026-11-21T10:05:06.789Z");
const begun: Begun = {
  request: {
    instance: "acme",
    incident: "i1",
    epoch: 3,
    trigger: "watch",
    reason: "the page says it's down",
    firstBadAt: "2026-11-21T10:00:00.000Z",
  },
  execution: "arn:aws:states:eu-central-1:111111111111:execution:sla-failover:fo-acme-e3-1",
  startedAt: "2026-11-21T10:00:45.000Z",
  timeline: [],
};

describe("the next command", () => {
  it("starts the same machine in the same region under a name of its own", () => {
    const { command } = nextCommand(begun, "HaltLocked", NOW);
    expect(command).toContain("aws stepfunctions start-execution --region eu-central-1");
    expect(command).toContain(
      "--state-machine-arn arn:aws:states:eu-central-1:111111111111:stateMachine:sla-failover",
    );
    expect(command).toContain("--name fo-acme-e3-p20261121100506789");
  });

  it("survives a quote in the reason when pasted into a shell", () => {
    expect(nextCommand(begun, "HaltLocked", NOW).command).toContain("it'\\''s down");
  });

  it.each([
    ["HaltBehind", true],
    ["HaltStillAlive", true],
    ["HaltEpoch", false],
    ["HaltProofRefused", false],
    ["States.Timeout", false],
  ])("after %s offers to accept it: %s", (code, offers) => {
    expect(nextCommand(begun, code, NOW).command.includes(`"accept":["${code}"]`)).toBe(offers);
  });
});
