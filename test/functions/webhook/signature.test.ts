import { execFileSync, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Secrets, signedHeaders } from "../../../functions/webhook/signature.ts";
import { retryMinutes } from "../../../lib/sla/webhook.ts";
import { snippet, verify } from "./verifier.ts";

const OLD = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const NOW = 1_795_305_600;
const event = { id: "evt-1", body: '{"version":1,"lines":["ü"]}' };

describe("a signed request", () => {
  it("is what the Standard Webhooks specification computes", () => {
    // Its own example: https://github.com/standard-webhooks/standard-webhooks
    const secrets: Secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
    const headers = signedHeaders(
      { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' },
      secrets,
      1_614_265_330,
    );
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("is verified by who knows the current secret, and while it is rotated by who knows the one before", () => {
    const headers = signedHeaders(event, [NEW, OLD], NOW);
    expect(verify(headers, event.body, NEW, NOW)).toBe(true);
    expect(verify(headers, event.body, OLD, NOW)).toBe(true);
    const later = signedHeaders(event, [NEW], NOW);
    expect(verify(later, event.body, OLD, NOW)).toBe(false);
  });

  it("is not verified once anything in it is changed, nor when it is repeated later", () => {
    const headers = signedHeaders(event, [NEW], NOW);
    expect(verify(headers, `${event.body} `, NEW, NOW)).toBe(false);
    expect(verify({ ...headers, "webhook-id": "evt-2" }, event.body, NEW, NOW)).toBe(false);
    const moved = { ...headers, "webhook-timestamp": `${NOW + 1}` };
    expect(verify(moved, event.body, NEW, NOW)).toBe(false);
    expect(verify(headers, event.body, NEW, NOW + 301)).toBe(false);
    expect(verify(headers, event.body, NEW, NOW - 301)).toBe(false);
    expect(verify({}, event.body, NEW, NOW)).toBe(false);
  });

  it.each(["", "whsec_", "secret", OLD.slice(6), `whsec_${Buffer.alloc(23).toString("base64")}`])(
    "is not made with '%s' for a secret",
    (secret) => {
      expect(() => signedHeaders(event, [secret], NOW)).toThrow(/expected whsec_ and at least 24/);
    },
  );

  it("holds one signature for each secret, over id, instant and body", () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ minLength: 24, maxLength: 64 }), (body, key) => {
        const secret = `whsec_${Buffer.from(key).toString("base64")}`;
        const headers = signedHeaders({ id: "e", body }, [secret, NEW], NOW);
        const mac = createHmac("sha256", key).update(`e.${NOW}.${body}`).digest("base64");
        expect(headers["webhook-signature"].split(" ")[0]).toBe(`v1,${mac}`);
      }),
    );
  });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.runIf(hasPython)("the verifier in Python", () => {
  const CALL = `
import json, sys
headers, body, secret, now = json.load(sys.stdin)
print(verify(headers, body.encode(), secret, now))`;
  const verified = (...given: Parameters<typeof verify>) =>
    execFileSync("python3", ["-c", snippet("python") + CALL], { input: JSON.stringify(given) })
      .toString()
      .trim();

  it("says what the one in Node says", () => {
    const headers = signedHeaders(event, [NEW, OLD], NOW);
    expect(verified(headers, event.body, NEW, NOW)).toBe("True");
    expect(verified(headers, event.body, OLD, NOW + 300)).toBe("True");
    expect(verified(headers, `${event.body} `, NEW, NOW)).toBe("False");
    expect(verified(headers, event.body, NEW, NOW + 301)).toBe("False");
    expect(verified({}, event.body, NEW, NOW)).toBe("False");
  });
});

describe("the wait after an attempt that failed", () => {
  it("doubles up to an hour, of which chance takes up to half", () => {
    expect([1, 2, 3, 6, 7, 8, 100].map((n) => retryMinutes(n, 0))).toEqual([
      1, 2, 4, 32, 60, 60, 60,
    ]);
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, by) => {
        const [least, wait] = [retryMinutes(n + 1, 1), retryMinutes(n + 1, by)];
        expect(wait).toBeGreaterThanOrEqual(Math.max(0.5, least));
        expect(wait).toBeLessThanOrEqual(60);
      }),
    );
  });
});
