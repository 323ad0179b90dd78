import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REGION, world } from "./fixture.ts";

const COUNTING = `import { appendFileSync } from "node:fs";
export const handler = async ({ file, ...event }) => { appendFileSync(file, "x"); return event; };`;
const WAITING = `export const handler = () => new Promise(() => setInterval(() => {}, 1000));`;

test("a function that is silent answers nobody, and fails whoever waited when it is back", async () => {
  const { deploy, invoke, lambda, log } = world();
  deploy("export const handler = async () => 'here';");
  deploy("export const handler = async () => 'neighbour';", { name: "g" });
  lambda.mishaps.silence({ region: REGION, name: "f" });
  const hanging = invoke().then(
    () => "answered",
    ({ code }) => code,
  );
  expect(await invoke({}, "g")).toBe("neighbour");
  expect(log.all().filter(({ detail }) => detail["function"] === "f")).toEqual([]);
  lambda.mishaps.endSilence({ region: REGION, name: "f" });
  expect(await hanging).toBe("ServiceException");
  expect(await invoke()).toBe("here");
});

test("a process killed at work has not answered, and the next invocation gets a fresh one", async () => {
  const { deploy, invoke, lambda, log } = world();
  deploy(WAITING);
  let deaths = 0;
  lambda.mishaps.decide(({ payload }) =>
    JSON.parse(payload).step === "fence" && deaths++ === 0 ? "at work" : undefined,
  );
  expect(await invoke({ step: "fence" })).toEqual({
    kind: "failed",
    error: {
      errorType: "Runtime.ExitError",
      errorMessage: "Error: Runtime exited with error: signal: killed",
    },
  });
  expect(log.all().filter(({ operation }) => operation === "EnvironmentKilled")).toMatchObject([
    { detail: { function: "f", moment: "at work", step: "fence" } },
  ]);
  deploy("export const handler = async () => 'alive';");
  expect(await invoke({ step: "fence" })).toBe("alive");
});

test("a process killed when it is done has done its work, but nobody hears of it", async () => {
  const { deploy, invoke, lambda } = world();
  const { codeDirectory } = deploy(COUNTING);
  const file = `${codeDirectory}/count`;
  let deaths = 0;
  lambda.mishaps.decide(() => (deaths++ === 0 ? "when done" : undefined));
  expect(await invoke({ file, n: 1 })).toMatchObject({ kind: "failed" });
  expect(await invoke({ file, n: 2 })).toEqual({ n: 2 });
  expect(readFileSync(file, "utf8")).toBe("xx");
});
