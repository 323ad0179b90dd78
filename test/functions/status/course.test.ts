import { describe, expect, it } from "vitest";
import { courseOf } from "../../../functions/status/course.ts";
import { down, good, incident } from "./fixture.ts";

const FROM = "2026-11-22T10:00:00.000Z";
const TO = "2026-11-22T10:05:00.000Z";
const from = { fromMs: Date.parse(FROM) };
const both = { ...from, toMs: Date.parse(TO) };

describe("how an instance was", () => {
  it.each([
    [
      "a record that is closed ends with the first good look",
      [incident("acme", FROM, TO)],
      good(),
      [both],
    ],
    ["one that is open lasts", [incident("acme", FROM)], down(FROM), [from]],
    [
      "one that nobody has closed yet is over where all is well",
      [incident("acme", FROM)],
      good(),
      [{ ...from, toMs: Date.parse("2026-11-22T10:07:15.000Z") }],
    ],
    ["one that is not written yet has begun", [], down(FROM), [from]],
    ["one of which nobody knows more lasts", [incident("acme", FROM)], undefined, [from]],
  ])("%s", (_, records, seen, expected) => {
    expect(courseOf(records, seen, undefined).down).toEqual(expected);
  });
});
