import { describe, expect, it } from "vitest";
import type { Begun } from "../../../functions/failover/case.ts";
import { nextCommand } from "../../../functions/failover/next-command.ts";

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

const pacer = { paced: (seconds: number) => seconds * 1000 };
const commandAfter = (current: Begun, code: string) => nextCommand(current, code, pacer).command;

describe("the next command", () => {
  it("is one of sla, and goes on with the failover that was admitted", () => {
    const admitted = { ...begun, id: "fo-acme-e3-1" } as Begun;
    expect(commandAfter(begun, "HaltLocked")).toMatch(/^npx sla failover acme --reason '/);
    expect(commandAfter(begun, "HaltLocked")).not.toContain("--continue");
    expect(commandAfter(admitted, "HaltLocked")).toMatch(/ --continue fo-acme-e3-1$/);
  });

  it("is no failover where nobody can be promoted", () => {
    expect(commandAfter(begun, "HaltNoStandby")).toMatch(
      /^npx sla recover acme --reason '.*' --dry-run$/,
    );
  });

  it.each(["aurora-postgresql", "aurora-mysql", "postgres-cluster"] as const)(
    "is no recovery where none is built: %s",
    (engine) => {
      const { why, command } = nextCommand(begun, "HaltNoStandby", pacer, engine);
      expect(command).toBe("npx sla status");
      expect(why).toContain("docs/runbook.md#a-lost-cluster");
    },
  );

  it("survives a quote in the reason when pasted into a shell", () => {
    expect(commandAfter(begun, "HaltLocked")).toContain("it'\\''s down");
  });

  it.each([
    ["HaltCooldown", " --force"],
    ["HaltMaintenance", " --force"],
    ["HaltRecovered", " --even-if-alive"],
    ["HaltStillAlive", " --even-if-alive"],
    ["HaltBehind", " --allow-loss any"],
    ["HaltNotStreaming", " --allow-loss any"],
    ["HaltProofRefused", ""],
    ["States.Timeout", ""],
  ])("after %s offers to accept it:%s", (code, flags) => {
    expect(commandAfter(begun, code)).toBe(
      `npx sla failover acme --reason 'the page says it'\\''s down'${flags}`,
    );
  });

  it("allows no more loss than is known, in seconds of the plan", () => {
    const lastSeen = { standbyBeat: "2026-11-21T09:53:00.500Z", streaming: false };
    const seen = { ...begun, request: { ...begun.request, lastSeen } };
    expect(commandAfter(seen, "HaltNotStreaming")).toMatch(/ --allow-loss 420s$/);
    const sixty = { paced: (seconds: number) => (seconds * 1000) / 60 };
    expect(nextCommand(seen, "HaltBehind", sixty).command).toMatch(/ --allow-loss 25170s$/);
  });

  it("keeps what was accepted before", () => {
    const accept = ["HaltCooldown", "HaltNotStreaming"] as const;
    const accepting = { ...begun.request, accept, allowLossSeconds: 60 };
    const command = commandAfter({ ...begun, request: accepting }, "HaltStillAlive");
    expect(command).toMatch(/ --allow-loss 60s --force --even-if-alive$/);
  });

  it("after HaltEpoch there is nothing to go on with", () => {
    expect(commandAfter(begun, "HaltEpoch")).toBe("npx sla status");
  });
});
