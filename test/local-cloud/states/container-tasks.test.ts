import { describe, expect, it, vi } from "vitest";
import { FLOORS, Pace } from "../../../lib/local-cloud/pace.ts";
import { isAlive } from "../../../lib/local-cloud/process-tree.ts";
import { statesService } from "../../../lib/local-cloud/states/service.ts";
import { world as containers, REGION, shell } from "../ecs/fixture.ts";

const WITHIN = { timeout: 20_000, interval: 10 };

function world() {
  const ecs = containers();
  const states = statesService({
    log: ecs.log,
    pace: new Pace(60, { ...FLOORS, lambdaTimeoutMs: 1000 }),
    account: "111111111111",
    functions: {
      invoke: () => {
        throw new Error("no functions here");
      },
    },
    tasks: ecs.ecs,
  });
  /** Starts a machine whose only state runs a command. */
  const start = (command: readonly string[], rest: object = {}) => {
    ecs.register({ command: [...command] });
    const definition = JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: "Dump",
      States: {
        Dump: {
          Type: "Task",
          Resource: "arn:aws:states:::ecs:runTask.sync",
          Arguments: {
            Cluster: "c",
            TaskDefinition: "f",
            LaunchType: "FARGATE",
            Overrides: {
              ContainerOverrides: [
                { Name: "main", Environment: [{ Name: "WHO", Value: "{% $states.input.who %}" }] },
              ],
            },
          },
          End: true,
          ...rest,
        },
      },
    });
    const arn = states.deploy({ region: REGION, name: "m", definition });
    return states.start(arn, JSON.stringify({ who: "acme" }));
  };
  return { ...ecs, start };
}

const pidIn = (log: ReturnType<typeof world>["log"]) =>
  vi.waitFor(() => {
    const line = log.all().find(({ operation }) => operation === "Log")?.detail["line"];
    expect(line).toMatch(/^\d+$/);
    return Number(line);
  }, WITHIN);

describe("ecs:runTask.sync", () => {
  it("waits for the container and gives its description in Step Functions' words", async () => {
    const { start, log } = world();
    const execution = start(shell("echo $WHO"), {
      Output: "{% $states.result.Containers[0].{'name': Name, 'code': ExitCode} %}",
    });
    await expect(execution.ended).resolves.toEqual({
      status: "SUCCEEDED",
      output: JSON.stringify({ name: "main", code: 0 }),
    });
    expect(log.all().find(({ operation }) => operation === "Log")?.detail["line"]).toBe("acme");
    const types = execution.history.all().map(({ type }) => type);
    expect(types.filter((type) => type?.startsWith("Task") && !type.includes("State"))).toEqual([
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
    ]);
  });

  it("fails with the description as its cause if the container does", async () => {
    const ending = await world().start(shell("exit 2")).ended;
    expect(ending).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    const { StoppedReason, Containers } = JSON.parse("cause" in ending ? ending.cause : "{}");
    expect(StoppedReason).toBe("Essential container in task exited");
    expect(Containers).toMatchObject([{ ExitCode: 2 }]);
  });

  it("fails by the name of the service's error if no task begins", async () => {
    const Arguments = { Cluster: "elsewhere", TaskDefinition: "f" };
    await expect(world().start(["true"], { Arguments }).ended).resolves.toMatchObject({
      error: "ECS.ClusterNotFoundException",
    });
  });

  it("stops its task when it times out, and when the execution is stopped", async () => {
    const forever = shell("echo $$", "sleep 600");
    const late = world();
    const timedOut = late.start(forever, { TimeoutSeconds: 60 });
    const first = await pidIn(late.log);
    await expect(timedOut.ended).resolves.toMatchObject({ error: "States.Timeout" });
    await vi.waitFor(() => expect(isAlive(first)).toBe(false), WITHIN);
    const aborted = world();
    const execution = aborted.start(forever);
    const second = await pidIn(aborted.log);
    execution.stop("Why", "because");
    await expect(execution.ended).resolves.toMatchObject({ status: "ABORTED" });
    await vi.waitFor(() => expect(isAlive(second)).toBe(false), WITHIN);
  });
});
