import { describe, expect, it } from "vitest";
import { REGION, shell, world } from "./fixture.ts";

describe("containers that share a volume", () => {
  const mounted = (name: string, command: string) => ({
    ...{ name, image: "any", command: shell(command), workingDirectory: "/stream" },
    mountPoints: [{ sourceVolume: "stream", containerPath: "/stream" }],
  });
  const pair = (first: string, second: string) => ({
    family: "f",
    volumes: [{ name: "stream" }],
    containerDefinitions: [
      { ...mounted("first", first), essential: false },
      mounted("second", second),
    ],
  });

  it("stream through a pipe in it, one directory for both", async () => {
    const { ecs, begin, logOf } = world();
    const pipe = "mkfifo p 2>/dev/null || [ -p p ]";
    ecs.register(REGION, pair(`${pipe}; echo through > p`, `${pipe}; cat p`));
    const task = await begin().ended;
    expect(logOf(task, "second")).toBe("through\n");
    expect(task.containers).toMatchObject([{}, { exitCode: 0 }]);
  });

  it("have it for one task only", async () => {
    const { ecs, begin, logOf } = world();
    ecs.register(REGION, pair("true", "ls; touch here"));
    await begin().ended;
    expect(logOf(await begin().ended, "second")).toBe("");
  });

  it("have no volume that would outlive the task", () => {
    const { ecs } = world();
    const volumes = [{ name: "stream", efsVolumeConfiguration: { fileSystemId: "fs-1" } }];
    expect(() => ecs.register(REGION, { ...pair("true", "true"), volumes })).toThrow(
      "volume stream: the local cloud does not simulate efsVolumeConfiguration",
    );
  });
});
