import { expect, it, vi } from "vitest";
import { run } from "../../../lib/cli/program.ts";

async function adopt(...args: readonly string[]) {
  const lines: string[] = [];
  const collect = (...said: readonly unknown[]) => void lines.push(said.join(" "));
  const spies = [
    vi.spyOn(console, "log").mockImplementation(collect),
    vi.spyOn(console, "error").mockImplementation(collect),
  ];
  try {
    return { exitCode: await run(["node", "sla", "adopt", ...args]), text: lines.join("\n") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it.each([
  [[], /^sla: adopt: give --scan, which proposes a fleet\.yaml/],
  [["--scan", "--regions", "eu-west-9"], /^sla: --regions: .*like eu-central-1.*got 'eu-west-9'$/],
  [["--scan", "--regions", ""], /^sla: --regions: .*got ''$/],
])("sla adopt %j says in one line what it needs", async (args, line) => {
  const { exitCode, text } = await adopt(...args);
  expect(text).toMatch(line);
  expect(text).not.toContain("\n");
  expect(exitCode).toBe(2);
});
