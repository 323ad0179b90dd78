import { PassThrough } from "node:stream";
import { expect, it, test } from "vitest";
import { typedName } from "../../../lib/cli/typed-name.ts";
import { typed } from "./typed.ts";

const NAMED = ["--aws", "--instance", "acme", "--fleet", "examples/fleet.yaml"];

test.each([
  ["without an instance", ["--aws"], /--aws: expected --instance ID/],
  ["without a reason", NAMED, /--aws: expected --reason TEXT; it stays as evidence/],
  ["with a fault of the local cloud", [...NAMED, "--fault", "freeze"], /--aws: takes no --fault/],
  ["with a pace", [...NAMED, "--pace", "60"], /--aws: takes no --pace/],
  ["on what the CDK deploys", [...NAMED, "--deployed"], /--aws: takes no --deployed/],
  ["within no time", [...NAMED, "--within", "soon"], /--within: 'soon' is no duration/],
  [
    "of nobody",
    ["--aws", "--instance", "heron", "--reason", "x", "--fleet", "examples/fleet.yaml"],
    /heron/,
  ],
  ["with a yes", [...NAMED, "--reason", "x", "--yes"], /^$/],
])("a game day %s is bad input", async (_, flags, message) => {
  const { exitCode, text } = await typed("drill", ...flags);
  expect(text).toMatch(message);
  expect(exitCode).toBe(2);
});

test.each([
  ["a reason", ["--reason", "x"], /--reason: belongs to --aws/],
  ["a bound", ["--within", "30m"], /--within: belongs to --aws/],
  ["a dry run", ["--dry-run"], /--dry-run: belongs to --aws/],
  ["a way back", ["--give-back"], /--give-back: belongs to --aws/],
])("a drill on the local cloud takes no %s", async (_, flags, message) => {
  const { exitCode, text } = await typed("drill", ...flags);
  expect(text).toMatch(message);
  expect(exitCode).toBe(2);
});

/** What somebody types, or the end of what they type. */
function typing(text: string | undefined, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const asked = typedName("Name? ", "canary", { input, output });
  if (text === undefined) input.end();
  else input.write(`${text}\n`);
  return asked;
}

it("the name of the instance lets it go on, and nothing else", async () => {
  await expect(typing("canary")).resolves.toBeUndefined();
  await expect(typing(" canary ")).resolves.toBeUndefined();
});

test.each(["", "y", "yes", "Canary", "canary2", undefined])("%j does not", async (text) => {
  await expect(typing(text)).rejects.toThrow(/expected 'canary', got '.*': nothing was changed/);
});

it("a pipe is nobody who types", async () => {
  await expect(typing("canary", false)).rejects.toThrow(/run it in a terminal/);
});
