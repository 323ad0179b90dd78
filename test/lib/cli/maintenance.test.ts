import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { register } from "../../../lib/cli/maintenance.ts";
import { windowAsked } from "../../../lib/cli/window-asked.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const FLEET = fleetOf([instance("acme"), instance("birch")]);
const flags = { reason: "new disks", failover: true };
const night = { from: "2026-11-21T22:00:00Z", to: "2026-11-21T23:00:00Z" };

describe("a window that is asked for", () => {
  it("has one of two ends, and whom it concerns", () => {
    expect(windowAsked({ ...flags, ...night, all: true }, FLEET, NOW)).toMatchObject({
      ...{ kind: "planned", scope: "fleet", holdsFailovers: false },
      ...{ fromMs: Date.parse(night.from), toMs: Date.parse(night.to) },
    });
    const asked = { ...flags, from: night.from, for: "45m", plan: "quick", failover: false };
    expect(windowAsked(asked, FLEET, NOW)).toMatchObject({
      ...{ scope: "plan quick", holdsFailovers: true },
      toMs: Date.parse(night.from) + 45 * 60_000,
    });
    const twice = { ...flags, ...night, instance: ["birch", "birch"] };
    expect(windowAsked(twice, FLEET, NOW).instances.map(({ id }) => id)).toEqual(["birch"]);
  });

  it("lasts up to a month, and begins within two years", () => {
    const asked = { ...flags, from: "2028-11-22T10:00:00Z", for: "31d", all: true } as const;
    expect(windowAsked(asked, FLEET, NOW).toMs).toBe(Date.parse("2028-12-23T10:00:00Z"));
  });

  it("begins now if it is an emergency", () => {
    const asked = { ...flags, emergency: true, for: "1h", all: true } as const;
    expect(windowAsked(asked, FLEET, NOW)).toMatchObject({ kind: "emergency", fromMs: NOW });
  });
});

describe("sla maintenance", () => {
  beforeEach(() => void vi.setSystemTime(NOW));
  afterEach(() => void vi.useRealTimers());

  const add = (...argv: readonly string[]) => ["add", "--reason", "disks", ...argv];
  const from = (...argv: readonly string[]) => add("--all", "--from", ...argv);
  it.each<[readonly string[], RegExp]>([
    [["add", "--reason", " "], /^--reason: say why/],
    [add("--all"), /^--from: say when it begins, like/],
    [from("2026-12-01T22:00"), /^--from: '2026-12-01T22:00' says no time zone; .*\+01:00$/],
    [from("tonight"), /^--from: 'tonight' is no instant: expected ISO 8601/],
    [from(night.from), /^--to, --for: give one of them/],
    [from(night.from, "--to", night.to, "--for", "1h"), /^--to, --for: give one of them/],
    [from(night.from, "--for", "an hour"), /^--for: 'an hour' is no duration: expected/],
    [from(night.to, "--to", night.from), /^--to: .* is not after the beginning, .*swapped\?$/],
    [from(night.from, "--for", "0s"), /^--for: '0s' is no time at all: say how long it lasts/],
    [from(night.from, "--to", night.from), /^--to: .* is not after the beginning, .*swapped\?$/],
    [from(night.from, "--for", "99999999d"), /^--for: '99999999d' is more than 31 days after the/],
    [from(night.from, "--for", "999999999d"), /^--for: '999999999d' is more than 31 days/],
    [
      from(night.from, "--to", "2026-12-22T22:00:01Z"),
      /^--to: '2026-12-22T22:00:01Z' is more than 31 days after the beginning; /,
    ],
    [
      add("--all", "--emergency", "--from", "2020-11-20T09:00:00Z", "--to", night.to),
      /^--to: '2026-11-21T23:00:00Z' is more than 31 days/,
    ],
    [
      from("9999-12-31T23:00:00Z", "--for", "24h"),
      /^--from: 9999-12-31T23:00:00\.000Z is more than two years ahead, it is 2026-11-21T10/,
    ],
    [from("+275760-09-12T00:00:00Z", "--for", "31d"), /^--from: \+275760.* two years ahead/],
    [from("2026-11-21T09:00:00Z", "--for", "2h"), /^--from: .* is past.*--emergency\?$/],
    [
      add("--all", "--emergency", "--from", "2026-11-20T09:00:00Z", "--for", "2h"),
      /^--to: 2026-11-20T11:00:00.000Z is past.*was downtime$/,
    ],
    [add("--from", night.from, "--for", "1h"), /^--instance, --plan, --all: say whom/],
    [from(night.from, "--for", "1h", "--plan", "x"), /^--instance, --plan, --all: .* one of them/],
    [
      add("--from", night.from, "--for", "1h", "--plan", "gold"),
      /^--plan: no instance is sold 'gold'; they are sold /,
    ],
    [
      add("--from", night.from, "--for", "1h", "--instance", "heron"),
      /^the fleet has no 'heron'; it has acme/,
    ],
    [["list", "--instance", "heron"], /^the fleet has no 'heron'/],
  ])("refuses %j in one line", async (argv, message) => {
    const program = new Command("sla").exitOverride();
    register(program);
    const args = ["node", "sla", "maintenance", ...argv, "--fleet", "examples/fleet.yaml"];
    const refused = await program.parseAsync(args).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});
