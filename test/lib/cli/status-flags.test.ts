import { describe, expect, it, vi } from "vitest";
import { run } from "../../../lib/cli/program.ts";

async function said(...args: readonly string[]) {
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const argv = ["node", "sla", "status", "--fleet", "examples/fleet.yaml", ...args];
  const code = await run(argv);
  const text = error.mock.calls.map(([line]) => String(line)).join("\n");
  error.mockRestore();
  return { code, text };
}

describe("sla status", () => {
  it.each([
    [
      "two pages of different kinds",
      ["--links", "--html", "x.html"],
      /--html and --links: give one/,
    ],
    ["a page that is to go on", ["--watch", "--html", "x.html"], /--watch and --html: give one/],
    ["a page as JSON", ["--json", "--html", "x.html"], /--json and --html: give one/],
    ["a customer without a page", ["--of", "acme"], /--of: give it with --html/],
    ["a page of one's own that is none", ["--provider"], /--provider: give it with --html/],
    [
      "a page for two",
      ["--html", "x.html", "--of", "acme", "--provider"],
      /--of and --provider: give/,
    ],
    ["an instance nobody knows", ["heron"], /'heron'.*acme, birch, cedar/],
    ["a page of one instance", ["acme", "--html", "x.html"], /acme: pages are of all.*--of/],
    ["links to the page of one", ["acme", "--links"], /acme: pages are of all.*--of/],
    [
      "a customer nobody knows",
      ["--html", "x.html", "--of", "heron"],
      /'heron'.*acme, birch, cedar/,
    ],
  ])("refuses %s", async (_, args, expected) => {
    const { code, text } = await said(...args);
    expect(text).toMatch(expected);
    expect(code).toBe(2);
  });
});
