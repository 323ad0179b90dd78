import { describe, expect, it } from "vitest";
import type { ProbeRequest } from "../../../functions/probe/contract.ts";
import { AT_ONCE, probe } from "../../../functions/probe/probe.ts";
import type { Look, Prober } from "../../../functions/probe/prober.ts";

const NO_HANDSHAKES = { look: async () => undefined };
const GOOD: Look = { kind: "answered", status: 200, body: "", tookMs: 1 };
const ERROR_PAGE: Look = { kind: "answered", status: 500, body: "", tookMs: 1 };
const DEAD: Look = { kind: "failed", reason: "refused", tookMs: 1 };

const proberOf = (looks: Readonly<Record<string, Look>>): Prober => ({
  look: async (url) => looks[url] ?? DEAD,
});
const request = (more: Partial<ProbeRequest>): ProbeRequest => ({
  targets: [{ id: "acme", url: "up" }],
  controls: [],
  connectSeconds: 3,
  answerSeconds: 5,
  ...more,
});

describe("probe", () => {
  it("looks at TLS where it is asked to, and nowhere else", async () => {
    const targets = [
      { id: "acme", url: "up", tls: true as const },
      { id: "birch", url: "up" },
    ];
    const handshakes = { look: async (url: string) => ({ protocol: "TLSv1.3", cipher: url }) };
    const prober = proberOf({ up: GOOD });
    const { results } = await probe(request({ targets }), "eu-west-1", prober, handshakes);
    expect(results.map(({ tls }) => tls)).toEqual([
      { protocol: "TLSv1.3", cipher: "up" },
      undefined,
    ]);
  });

  it.each([
    ["blind when no control answers", ["dead", "gone"], true],
    ["not blind when one of them answers", ["dead", "up"], false],
    ["not blind when a control answers with an error page", ["broken"], false],
    ["not blind when there are no controls", [], false],
  ])("is %s", async (_, controls, blind) => {
    const prober = proberOf({ up: GOOD, broken: ERROR_PAGE });
    const targets = [
      { id: "acme", url: "up" },
      { id: "birch", url: "down" },
    ];
    expect(await probe(request({ targets, controls }), "eu-west-1", prober, NO_HANDSHAKES)).toEqual(
      {
        vantage: "eu-west-1",
        blind,
        results: [
          { id: "acme", good: true, status: 200, tookMs: 1 },
          { id: "birch", good: false, reason: "refused", tookMs: 1 },
        ],
      },
    );
  });

  it("leaves controls alone while everything is good: who sees that is not blind", async () => {
    const asked: string[] = [];
    const prober: Prober = {
      look: async (url) => {
        asked.push(url);
        return GOOD;
      },
    };
    const answer = await probe(
      request({ controls: ["control"] }),
      "eu-west-1",
      prober,
      NO_HANDSHAKES,
    );
    expect(answer.blind).toBe(false);
    expect(asked).toEqual(["up"]);
  });

  it("asks its controls once, however many targets are bad", async () => {
    const asked: string[] = [];
    const prober: Prober = {
      look: async (url) => {
        asked.push(url);
        return DEAD;
      },
    };
    const targets = Array.from({ length: 5 }, (_, n) => ({ id: `i${n}`, url: `u${n}` }));
    await probe(request({ targets, controls: ["control"] }), "eu-west-1", prober, NO_HANDSHAKES);
    expect(asked.filter((url) => url === "control")).toHaveLength(1);
  });

  it("answers in the order it was asked, with a bounded number under way", async () => {
    const targets = Array.from({ length: 3 * AT_ONCE }, (_, n) => ({ id: `i${n}`, url: `u${n}` }));
    let [underWay, most] = [0, 0];
    const prober: Prober = {
      async look(url) {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((done) => setImmediate(done));
        underWay -= 1;
        return url.endsWith("7") ? DEAD : GOOD;
      },
    };
    const { results } = await probe(request({ targets }), "eu-west-1", prober, NO_HANDSHAKES);
    expect(results.map(({ id }) => id)).toEqual(targets.map(({ id }) => id));
    expect(results.every(({ id, good }) => good === !id.endsWith("7"))).toBe(true);
    expect(most).toBe(AT_ONCE);
  });
});
