import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const written = (...hooks: readonly string[]) =>
  EXAMPLE.replace(
    "provider:\n",
    `provider:\n  webhooks:\n${hooks.map((hook) => `    - ${hook}\n`).join("")}`,
  );

function problem(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
  } catch (cause) {
    return String(cause);
  }
  throw new Error("nothing was wrong");
}

const hook = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    name: "pager",
    url: "https://pager.example/x",
    secret: "sla/pager",
    ...changes,
  });

describe("webhooks of a fleet", () => {
  it("are told everything unless they ask for less", () => {
    const asks = { severities: ["critical"], events: ["incident-opened", "call-over"] };
    const { provider } = parseFleet(written(hook(), hook({ name: "desk", ...asks })), "fleet.yaml");
    expect(provider.webhooks).toEqual([
      { name: "pager", url: "https://pager.example/x", secret: "sla/pager" },
      { name: "desk", url: "https://pager.example/x", secret: "sla/pager", ...asks },
    ]);
  });

  it.each([
    [{ url: "http://pager.example/x" }, /url: .*expected an https URL/],
    [{ url: "http://localhost:8080/x" }, /url: .*expected an https URL/],
    [{ url: "https://me:pw@pager.example/" }, /url: .*without credentials/],
    [{ url: "https://pager.example/#x" }, /url: .*fragment/],
    [{ severities: ["urgent"] }, /severities\[0\]/],
    [{ severities: [] }, /at least one severity/],
    [{ events: ["incident-open"] }, /events\[0\]/],
    [{ name: "Pager/1" }, /name: .*lower case/],
    [{ secret: "a*" }, /secret/],
    [{ retries: 3 }, /retries/],
  ])("are refused with %o", (changes, expected) => {
    expect(problem(written(hook(changes)))).toMatch(expected);
  });

  it("have names of their own", () => {
    expect(problem(written(hook(), hook()))).toMatch(/webhooks\[1\]\.name: 'pager' is taken/);
  });

  it("may be on this machine, for the local cloud", () => {
    const url = "http://127.0.0.1:8080/x";
    expect(parseFleet(written(hook({ url })), "fleet.yaml").provider.webhooks?.[0]?.url).toBe(url);
  });
});
