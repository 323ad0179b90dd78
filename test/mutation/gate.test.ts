import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Mutation } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";
import { Workshops } from "./workshops.ts";

/** As many as there are cores on the smallest machine this is run on. */
const WORKSHOPS = 2;
/** A few mutations wait for a workshop at the same time; each run has its own, shorter limit. */
const LIMIT_MS = 600_000;

let workshops: Workshops;
beforeAll(async () => {
  workshops = await Workshops.open(WORKSHOPS);
});
afterAll(() => workshops.close());

describe.concurrent("with one rule switched off", { timeout: LIMIT_MS }, () => {
  const named = MUTATIONS.map((mutation) => [mutation.name, mutation] as const);

  it.for(named)("a scenario goes red when %s", async ([_name, mutation], { expect }) => {
    const outcome = await workshops.use((workshop) => workshop.without(mutation));
    expect(outcome, mutation.scenario.title).toMatchObject({ kind: "red" });
  });
});

describe.concurrent("the gate itself", { timeout: LIMIT_MS }, () => {
  const [any] = MUTATIONS as readonly [Mutation];
  const instead = { ...any, find: "export async function fence(" };

  it("sees all its scenarios green with every rule in place", async ({ expect }) => {
    const scenarios = MUTATIONS.map(({ scenario }) => scenario);
    const outcomes = await workshops.use((workshop) => workshop.asItIs(scenarios));
    expect(outcomes.filter(({ kind }) => kind !== "green")).toEqual([]);
    expect(outcomes).toHaveLength(MUTATIONS.length);
  });

  it("has the rule back for the next run", async ({ expect }) => {
    const seen = await workshops.use(async (workshop) => [
      await workshop.without(any),
      ...(await workshop.asItIs([any.scenario])),
      await workshop.without(any),
    ]);
    expect(seen.map(({ kind }) => kind)).toEqual(["red", "green", "red"]);
  });

  it("is not content with a change that changes nothing", async ({ expect }) => {
    const harmless = { ...instead, replace: `// No rule.\n${instead.find}` };
    const outcome = await workshops.use((workshop) => workshop.without(harmless));
    expect(outcome).toEqual({ kind: "green" });
  });

  it.for([
    ["does not parse", "export async function ) fence("],
    ["throws on import", 'throw new Error("no");\nexport async function fence('],
  ])(
    "takes no source that %s for a rule switched off",
    async ([_what, replace = ""], { expect }) => {
      const outcome = await workshops.use((workshop) => workshop.without({ ...instead, replace }));
      expect(outcome).toMatchObject({ kind: "broken" });
    },
  );

  it("ends a run that does not end by itself", async ({ expect }) => {
    const endless = { ...instead, replace: `for (;;);\n${instead.find}` };
    const outcome = await workshops.use((workshop) => workshop.without(endless, 3000));
    expect(outcome).toMatchObject({ kind: "broken", because: expect.stringContaining("ended") });
  });

  it("takes no scenario that is not there for a red one", async ({ expect }) => {
    const lost = { ...any, scenario: { ...any.scenario, title: "a name that nothing has" } };
    const outcome = await workshops.use((workshop) => workshop.without(lost));
    expect(outcome).toMatchObject({ kind: "broken" });
  });

  it("refuses text that does not occur exactly once", async ({ expect }) => {
    const source = await readFile(new URL(`../../${any.file}`, import.meta.url), "utf8");
    const twice = workshops.use((workshop) => workshop.without({ ...any, find: "await " }));
    await expect(twice).rejects.toThrow(`${source.split("await ").length - 1} times`);
    const never = workshops.use((workshop) => workshop.without({ ...any, find: "nowhere" }));
    await expect(never).rejects.toThrow("0 times");
  });
});
