import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackedText, partsOf } from "../../../functions/kernel/packed-text.ts";

describe("a packed text", () => {
  it("is what was added, as often as it is asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        const packed = new PackedText();
        for (const text of texts) packed.add(text);
        const whole = texts.join("");
        expect([...packed.parts()].join("")).toBe(whole);
        expect([...packed.parts()].join("")).toBe(whole);
      }),
    );
  });

  it("comes in parts of which none is much longer than what was added at once", () => {
    const packed = new PackedText();
    const texts = Array.from({ length: 40 }, () => randomBytes(60_000).toString("hex"));
    for (const text of texts) packed.add(text);
    const parts = [...packed.parts()];
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(2 ** 20 + 120_001);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.join("")).toBe(texts.join(""));
  });

  it("of one part is no sequence of its letters", () => {
    expect([...partsOf("acme")]).toEqual(["acme"]);
    expect([...partsOf(["ac", "me"])]).toEqual(["ac", "me"]);
  });
});
