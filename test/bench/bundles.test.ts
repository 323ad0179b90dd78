import { describe, expect, test } from "vitest";
import { reasonIn } from "../../bench/bundles/import-time.ts";

const STACK = "    at file:///bundle/index.mjs:1:90\n    at ModuleJob.run";

describe("reasonIn", () => {
  test.for([
    [
      "what a handler says about its environment",
      `file:///bundle/index.mjs:1\nvar a=1;throw b\n   ^\n\nBadConfig: cannot start:\n  FLEET_KEY: missing\n${STACK}\n`,
      "BadConfig: cannot start: FLEET_KEY: missing",
    ],
    [
      "the message of an ordinary error",
      `index.mjs:1\nx\n^\n\nTypeError: x is not a function\n${STACK}\n\nNode.js v24`,
      "TypeError: x is not a function",
    ],
    [
      "the message of an error with a code",
      `node:internal\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find module 'y'\n${STACK}`,
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'y'",
    ],
    ["all of it when there is no error in it", "Killed\n", "Killed"],
    ["that there was nothing", "", "it ended without a word"],
  ] as const)("gives %s", ([, report, expected]) => {
    expect(reasonIn(report)).toBe(expected);
  });
});
