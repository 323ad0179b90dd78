import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from "@aws-sdk/client-scheduler";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";
import type { ScheduleSpec } from "../../../lib/local-cloud/scheduler/schedule.ts";
import { schedulerService } from "../../../lib/local-cloud/scheduler/service.ts";
import { WireServer } from "../../../lib/local-cloud/wire/server.ts";

const REGION = "eu-central-1";
const TARGET = "arn:aws:lambda:eu-central-1:111111111111:function:watch";
const spec = (more: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  Name: "look",
  ScheduleExpression: "rate(1 minute)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: {
    Arn: TARGET,
    RoleArn: "arn:aws:iam::111111111111:role/r",
    Input: '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}',
    RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
  },
  ...more,
});

function world(pace = 60, fails = 0) {
  const log = new EventLog();
  const calls: { arn: string; payload: string; trace: string; at: number }[] = [];
  const scheduler = schedulerService({
    log,
    pace: new Pace(pace),
    account: "111111111111",
    targets: async (arn, payload, trace) => {
      calls.push({ arn, payload, trace, at: Date.now() });
      if (calls.length <= fails) throw new Error("Function not found");
    },
  });
  onTestFinished(() => scheduler.stop());
  return { scheduler, log, calls };
}

describe("with a clock in the test's hand", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-11-21T10:00:00.250Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("at pace 60 a rate of one minute fires each second, from the start on, without drift", async () => {
    const { scheduler, calls, log } = world();
    scheduler.deploy(REGION, spec());
    scheduler.start();
    await vi.advanceTimersByTimeAsync(3000);
    expect(calls.map(({ payload }) => JSON.parse(payload).at)).toEqual([
      "2026-11-21T10:00:00.250Z",
      "2026-11-21T10:00:01.250Z",
      "2026-11-21T10:00:02.250Z",
      "2026-11-21T10:00:03.250Z",
    ]);
    expect(calls[0]?.payload).toContain(
      "arn:aws:scheduler:eu-central-1:111111111111:schedule/default/look",
    );
    expect(calls[0]?.trace).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/,
    );
    const fired = log.all().filter(({ operation }) => operation === "Fired");
    expect(fired.map(({ trace }) => trace)).toEqual(calls.map(({ trace }) => trace));
    expect(fired[0]?.detail).toMatchObject({ schedule: "look", target: TARGET });
    expect(new Set(calls.map(({ trace }) => trace)).size).toBe(4);
  });

  test("rates begin one after the other within a minute, so that their work does not fall on one instant", async () => {
    const { scheduler, calls } = world();
    for (const Name of ["a", "b", "c", "d"]) scheduler.deploy(REGION, spec({ Name }));
    const began = Date.now();
    scheduler.start();
    await vi.advanceTimersByTimeAsync(1999);
    expect(calls.map(({ at }) => at - began)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
  });

  test("an odd pace does not drift either", async () => {
    const { scheduler, calls } = world(7);
    scheduler.deploy(REGION, spec());
    const began = Date.now();
    scheduler.start();
    await vi.advanceTimersByTimeAsync((700 * 60_000) / 7);
    const late = calls.map(({ at }, slot) => at - began - (slot * 60_000) / 7);
    expect(calls).toHaveLength(701);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(1);
  });

  test("cron meets its hour on the paced calendar", async () => {
    const { scheduler, calls } = world(60);
    scheduler.deploy(REGION, spec({ ScheduleExpression: "cron(0 12 * * ? *)" }));
    scheduler.start();
    await vi.advanceTimersByTimeAsync(119_000);
    expect(calls).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls).toHaveLength(1);
  });

  test("a whole second has no milliseconds, as on AWS", async () => {
    vi.setSystemTime(Date.parse("2026-11-21T10:00:00Z"));
    const { scheduler, calls } = world();
    scheduler.deploy(REGION, spec());
    scheduler.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(JSON.parse(calls[0]?.payload ?? "").at).toBe("2026-11-21T10:00:00Z");
  });

  test("disabled, deleted and stopped schedules do not fire, nor do any before the start", async () => {
    const { scheduler, calls } = world();
    scheduler.deploy(REGION, spec());
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls).toHaveLength(0);
    scheduler.deploy(REGION, spec({ State: "DISABLED" }));
    scheduler.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls).toHaveLength(0);
    scheduler.deploy(REGION, spec());
    await vi.advanceTimersByTimeAsync(1500);
    scheduler.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls).toHaveLength(2);
  });

  test("a target that fails is tried again as its policy allows, within the event's age", async () => {
    const retried = world(60, 2);
    const once = { ScheduleExpression: "at(2026-11-21T10:01:00)" };
    const RetryPolicy = { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 60 };
    retried.scheduler.deploy(
      REGION,
      spec({ ...once, Target: { ...spec().Target, Arn: TARGET, RoleArn: "r", RetryPolicy } }),
    );
    retried.scheduler.start();
    const single = world(60, 1);
    single.scheduler.deploy(REGION, spec(once));
    single.scheduler.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(retried.calls).toHaveLength(3);
    expect(new Set(retried.calls.map(({ trace }) => trace)).size).toBe(1);
    expect(single.calls).toHaveLength(1);
    const failures = single.log.all().filter(({ operation }) => operation === "TargetFailed");
    expect(failures.map(({ detail }) => detail["error"])).toEqual(["Function not found"]);
  });
});

test("schedules are created, read, listed, changed and deleted by the SDK", async () => {
  const { scheduler, log } = world();
  const server = new WireServer({ log });
  server.add(scheduler.definition);
  const endpoint = await server.listen("127.0.0.1", 0);
  onTestFinished(() => server.close());
  const credentials = { accessKeyId: "AKIALOCALCLOUD000000", secretAccessKey: "local" };
  const client = new SchedulerClient({ endpoint, region: REGION, credentials });
  const input = spec() as ConstructorParameters<typeof CreateScheduleCommand>[0];

  const { ScheduleArn } = await client.send(new CreateScheduleCommand(input));
  expect(ScheduleArn).toBe("arn:aws:scheduler:eu-central-1:111111111111:schedule/default/look");
  await expect(client.send(new CreateScheduleCommand(input))).rejects.toBeInstanceOf(
    ConflictException,
  );
  await client.send(new UpdateScheduleCommand({ ...input, State: "DISABLED" }));
  expect(await client.send(new GetScheduleCommand({ Name: "look" }))).toMatchObject({
    State: "DISABLED",
    ScheduleExpression: "rate(1 minute)",
    Target: { Arn: TARGET },
  });
  const listed = await client.send(new ListSchedulesCommand({ NamePrefix: "lo" }));
  expect(listed.Schedules?.map(({ Name, State }) => [Name, State])).toEqual([["look", "DISABLED"]]);
  await client.send(new DeleteScheduleCommand({ Name: "look" }));
  const gone = client.send(new GetScheduleCommand({ Name: "look" }));
  await expect(gone).rejects.toBeInstanceOf(ResourceNotFoundException);
  const bad = client.send(new CreateScheduleCommand({ ...input, ScheduleExpression: "cron(1)" }));
  await expect(bad).rejects.toBeInstanceOf(ValidationException);
});
