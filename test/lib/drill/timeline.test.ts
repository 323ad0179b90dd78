import { describe, expect, it } from "vitest";
import { tellEvent } from "../../../lib/drill/timeline.ts";

const AT = new Date("2026-03-01T02:00:00Z");
const told = (operation: string, detail: Record<string, unknown>) =>
  tellEvent({ at: AT, region: "eu-south-2", service: "rds", operation, detail } as never);

describe("what a drill tells of a database", () => {
  it.each([
    { from: undefined, text: "shop-1 (eu-south-2): creating" },
    { from: "available", text: "shop-1 (eu-south-2): available → creating" },
  ])("its status, and the one before if there was one ($from)", ({ from, text }) => {
    expect(told("StatusChanged", { instance: "shop-1", from, to: "creating" })).toMatchObject({
      step: "database",
      detail: text,
    });
  });

  it("why it failed, so that nobody has to keep the run to learn it", () => {
    const error = `MariaDB does not start: ${"x".repeat(1000)}`;
    const entry = told("Failed", { instance: "shop-1", error });
    expect(entry).toMatchObject({
      step: "database",
      detail: expect.stringMatching(/^shop-1 \(eu-south-2\): failed: MariaDB does not start: x+$/),
    });
    expect(entry?.detail.length).toBeLessThan(400);
  });
});
