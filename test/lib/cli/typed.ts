import { vi } from "vitest";
import { run } from "../../../lib/cli/program.ts";

/** What a command line of `sla` prints, whichever way, and its exit code. */
export async function typed(...args: readonly string[]) {
  const lines: string[] = [];
  const collect = (...said: readonly unknown[]) => void lines.push(said.join(" "));
  const spies = [
    vi.spyOn(console, "log").mockImplementation(collect),
    vi.spyOn(console, "error").mockImplementation(collect),
  ];
  try {
    return { exitCode: await run(["node", "sla", ...args]), text: lines.join("\n") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
