import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const request = {
  targets: [{ id: "acme", url: "gopher://acme.example.ch/" }],
  controls: [],
  connectSeconds: 3,
  answerSeconds: 5,
};

describe("the probe handler", () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllEnvs());

  it("answers as the region it runs in", async () => {
    vi.stubEnv("AWS_REGION", "eu-north-1");
    const { handler } = await import("../../../functions/probe/probe.handler.ts");
    const answer = await handler(request, {} as never);
    expect(answer).toMatchObject({
      vantage: "eu-north-1",
      blind: false,
      results: [
        { id: "acme", good: false, reason: expect.stringContaining("only http and https") },
      ],
    });
  });

  it("does not start without a region", async () => {
    vi.stubEnv("AWS_REGION", "");
    await expect(import("../../../functions/probe/probe.handler.ts")).rejects.toThrow(
      /AWS_REGION: missing/,
    );
  });
});
