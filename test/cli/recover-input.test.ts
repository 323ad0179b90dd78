import { describe, expect, it } from "vitest";
import { HARBOUR, sla } from "./sla.ts";

const REASON = ["--reason", "no power"] as const;

/** All that a mistake can be told of before anybody is asked. */
const TABLE: readonly [string, RegExp, readonly string[]][] = [
  ["no reason", /--reason: say why/, ["tern"]],
  ["a reason that says nothing", /--reason: say why/, ["tern", "--reason", " "]],
  ["an unknown instance", /has no 'heron'; it has tern, gull/, ["heron", ...REASON]],
  [
    "a region that is no place of it",
    /--to: 'eu-north-1' is no site that is home, standby or copy of tern: those are/,
    ["tern", ...REASON, "--to", "eu-north-1"],
  ],
  [
    "an instant without a zone",
    /--at: '2026-11-20 14:03' says no time zone; .* say 2026-11-20T14:03:00[+-]\d\d:\d\d/,
    ["tern", ...REASON, "--at", "2026-11-20 14:03"],
  ],
  ["an instant that is none", /--at: 'noon' is no instant/, ["tern", ...REASON, "--at", "noon"]],
  [
    "an instant to come",
    /--at: 2999-01-01T00:00Z has not come yet/,
    ["tern", ...REASON, "--at", "2999-01-01T00:00Z"],
  ],
  [
    "a loss that is no duration",
    /--allow-loss: 'much' is no duration/,
    ["tern", ...REASON, "--allow-loss", "much"],
  ],
];

describe("sla recover, given what it cannot work with", () => {
  it.for(TABLE)("refuses %s", { timeout: 60_000 }, async ([, said, args]) => {
    const { exitCode, stdout, stderr } = await sla("recover", "--fleet", HARBOUR, ...args);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});
