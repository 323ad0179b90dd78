import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { run } from "../../../lib/cli/program.ts";
import { typed } from "./typed.ts";

afterEach(() => vi.unstubAllEnvs());

it.each([
  [["nap"], "(sla --help shows the commands)"],
  [["simulate"], "(sla simulate --help shows its flags)"],
  [["ticket", "opn"], "(sla ticket --help shows its commands)"],
  [["ticket", "open"], "(sla ticket open --help shows its flags)"],
])("whoever errs in %j is shown the way to help", async (words, way) => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await run(["node", "sla", ...words])).toBe(2);
  expect(written.mock.calls.join("")).toContain(way);
  written.mockRestore();
});

it("says once that it goes by the example", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
  const { text } = await typed("maintenance", "list");
  expect(text.match(/no fleet\.yaml here/g)).toHaveLength(1);
  expect(text).toMatch(/no ledger answers in .*ECONNREFUSED/);
});

it("answers as the README shows, to whoever checks the example", async () => {
  const readme = readFileSync("README.md", "utf8");
  const [, shown = ""] =
    /`sla check examples\/fleet.yaml` begins:\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
  const { text } = await typed("check", "examples/fleet.yaml");
  expect(shown.length).toBeGreaterThan(500);
  expect(text.slice(0, shown.length)).toBe(shown);
});
