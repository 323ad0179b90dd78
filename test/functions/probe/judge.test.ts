import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { judge } from "../../../functions/probe/judge.ts";
import type { Look } from "../../../functions/probe/prober.ts";
import { reasonOf } from "../../../functions/probe/reasons.ts";

const target = { id: "acme", url: "https://acme.example.ch/", expect: "healthy" };
const answered = (status: number, body = "healthy", location?: string): Look => ({
  kind: "answered",
  status,
  body,
  tookMs: 12.6,
  ...(location !== undefined && { location }),
});

describe("judge", () => {
  test.for<[string, Look, string | undefined]>([
    ["takes 200 with the text for good", answered(200), undefined],
    ["takes 299 with the text for good", answered(299), undefined],
    ["takes a page without the text for bad", answered(200, "maintenance"), "body lacks 'healthy'"],
    ["takes 503 for bad, whatever it says", answered(503), "status 503"],
    ["takes 404 for bad", answered(404), "status 404"],
    [
      "takes a redirect for bad and says where it leads",
      answered(302, "", "/login"),
      "status 302 to /login",
    ],
    ["takes 304 for bad", answered(304), "status 304 to nowhere"],
    [
      "takes what was never answered for bad",
      { kind: "failed", reason: "refused", tookMs: 1 },
      "refused",
    ],
  ])("%s", ([, look, reason]) => {
    const result = judge(target, look);
    expect(result.good).toBe(reason === undefined);
    expect(result.reason).toBe(reason);
    expect(result.status).toBe(look.kind === "answered" ? look.status : undefined);
  });

  it("asks for no text where none is configured", () => {
    const { expect: _, ...plain } = target;
    expect(judge(plain, answered(204, ""))).toEqual({
      id: "acme",
      good: true,
      status: 204,
      tookMs: 13,
    });
  });

  it("gives a reason exactly when it says bad", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.string(), (status, body) => {
        const { good, reason } = judge(target, answered(status, body));
        expect(good).toBe(reason === undefined);
        expect(good).toBe(status >= 200 && status < 300 && body.includes("healthy"));
      }),
    );
  });
});

describe("reasonOf", () => {
  it.each([
    [{ code: "ENOTFOUND" }, "no such name"],
    [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "certificate not trusted"],
    [{ code: "HPE_INVALID_CONSTANT" }, "not HTTP (HPE_INVALID_CONSTANT)"],
    [{ code: "ERR_SSL_WRONG_VERSION_NUMBER" }, "no TLS (ERR_SSL_WRONG_VERSION_NUMBER)"],
    [{ code: "EBUSY", message: "device busy" }, "EBUSY"],
    [new Error("no answer in 5 s"), "no answer in 5 s"],
    ["thrown text", "thrown text"],
  ])("puts %o into words: %s", (cause, words) => {
    expect(reasonOf(cause)).toBe(words);
  });
});
