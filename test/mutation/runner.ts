/** A process of a workshop: one vitest for many runs, which has read all that has not changed since the last. */
import { join } from "node:path";
import { createVitest, type TestModule } from "vitest/node";
import type { Report } from "./outcome.ts";

/** What is run, and what has another content than at the run before. */
export interface Run {
  readonly files: readonly string[];
  readonly changed: readonly string[];
  /** Pattern of the only tests to run. */
  readonly only?: string;
}

const root = process.cwd();
const ended: TestModule[] = [];
const opened = createVitest("test", {
  root,
  config: false,
  watch: false,
  // Threads end with their process; the module cache stays in the copy.
  ...{ pool: "threads", maxWorkers: 1, cache: false, fsModuleCachePath: join(root, ".modules") },
  // The limit of a whole run decides: a scenario that is slow on a busy machine says nothing about its rule.
  ...{ testTimeout: 0, hookTimeout: 0 },
  reporters: [{ onTestModuleEnd: (module) => void ended.push(module) }],
});

async function report({ files, changed, only }: Run): Promise<Report> {
  const vitest = await opened;
  ended.length = 0;
  for (const file of changed) vitest.invalidateFile(file);
  if (only === undefined) vitest.resetGlobalTestNamePattern();
  else vitest.setGlobalTestNamePattern(new RegExp(only));
  await vitest.runTestSpecifications(await vitest.globTestSpecifications([...files]));
  return { testResults: ended.map(resultOf) };
}

function resultOf(module: TestModule): Report["testResults"][number] {
  const [broken] = module.errors();
  const tests = [...module.children.allTests()].map((test) => {
    const { state, errors = [] } = test.result();
    const failureMessages = errors.map(({ stack, message }) => stack || message);
    return { title: test.name, status: state, failureMessages };
  });
  return {
    name: module.moduleId,
    ...(broken && { message: broken.message }),
    assertionResults: tests,
  };
}

process.on("message", (run: Run) => {
  report(run).then(
    (made) => process.send?.(made),
    (cause: unknown) => {
      console.error(cause);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit());
