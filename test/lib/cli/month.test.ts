import { Readable } from "node:stream";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { register } from "../../../lib/cli/month.ts";
import type { Input } from "../../../lib/cli/standard-input.ts";
import { UserError } from "../../../lib/cli/user-error.ts";

const printed: string[] = [];
const warned: string[] = [];
beforeEach(() => {
  printed.length = 0;
  warned.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void warned.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const OCTOBER = ["--month", "2026-10", "--timezone", "Europe/Riga"] as const;
const ALL = { from: "2026-10-01T00:00:00+03:00", to: "2026-11-01T00:00:00+02:00", state: "up" };
const down = (from: string, to: string) => ({
  ...{ from: `2026-10-05T${from}:00Z`, to: `2026-10-05T${to}:00Z`, state: "down" },
});

async function monthOf(input: unknown, ...argv: readonly string[]): Promise<string> {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return monthFrom(Readable.from([Buffer.from(text)]), ...argv);
}

async function monthFrom(input: Input, ...argv: readonly string[]): Promise<string> {
  vi.setSystemTime("2026-11-22T12:00:00Z");
  const program = new Command("sla").exitOverride();
  register(program, () => input);
  await program.parseAsync(["node", "sla", "month", ...argv]);
  return printed.join("\n");
}

describe("sla month", () => {
  it("prints exactly the documented keys, in their order", async () => {
    const intervals = [ALL, down("03:10", "03:40"), down("12:00", "12:15")];
    const text = await monthOf(intervals, ...OCTOBER, "--objective", "99.9", "--json");
    expect(text).toBe(
      JSON.stringify({
        ...{ month: "2026-10", timezone: "Europe/Riga" },
        minutes: {
          total: 44_700,
          up: 44_655,
          down: 45,
          unobserved: 0,
          maintenance: 0,
          excluded: 0,
        },
        ...{ availability: "99.899328", objective: "99.9", held: false, provable: true },
        ...{ longestOutageMinutes: 30, errorBudgetMinutes: -1 },
      }),
    );
    expect(warned).toEqual([]);
  });

  it("says null where nothing was promised", async () => {
    const found = JSON.parse(await monthOf([ALL, down("03:10", "03:40")], ...OCTOBER, "--json"));
    expect(found).toMatchObject({
      ...{ objective: null, held: null, errorBudgetMinutes: null, availability: "99.932885" },
    });
  });

  it("takes nothing for a month that nobody saw", async () => {
    const args = [...OCTOBER, "--objective", "99.9", "--json"];
    expect(JSON.parse(await monthOf([], ...args))).toMatchObject({
      ...{ minutes: { total: 44_700, unobserved: 44_700, up: 0 }, availability: null },
      ...{ held: null, provable: false, errorBudgetMinutes: null },
    });
  });

  it("counts what there was of a service that began and ended mid-month", async () => {
    const part = ["--began", "2026-10-05T00:00+03:00", "--ended", "2026-10-06T12:00+03:00"];
    const found = JSON.parse(
      await monthOf([ALL, down("03:10", "03:40")], ...OCTOBER, ...part, "--json"),
    );
    expect(found.minutes).toMatchObject({ total: 36 * 60, up: 36 * 60 - 30, down: 30 });
  });

  it.each([
    ["two minutes", "2026-10-05T03:00:59.9999Z", "2026-10-05T03:01:00.0000009Z", 2],
    ["the end of one", "2026-10-05T03:00:00.0000001Z", "2026-10-05T03:00:00.0000009Z", 1],
    ["exactly one", "2026-10-05T03:00:00.000000000Z", "2026-10-05T03:01:00.000000000Z", 1],
    ["with an offset", "2026-10-05T06:00:59.9999+03:00", "2026-10-05T06:01:00.0000009+03:00", 2],
  ])("counts what is touched for less than a millisecond: %s", async (_, from, to, minutes) => {
    const rows = [ALL, { from, to, state: "down" }];
    const found = JSON.parse(await monthOf(rows, ...OCTOBER, "--json"));
    expect(found.minutes.down).toBe(minutes);
  });

  it("lets an agreement say how much may be unobserved", async () => {
    const half = { ...ALL, from: "2026-10-02T00:00:00+03:00" };
    const args = [...OCTOBER, "--objective", "99.9"];
    expect(await monthOf([half], ...args)).toMatch(
      /^NOT PROVABLE: by what was seen 99\.9 % was held; 1440 minutes not observed\.$/m,
    );
    printed.length = 0;
    expect(await monthOf([half], ...args, "--most-unobserved", "1440")).toMatch(
      /^OK: 99\.9 % was/m,
    );
  });

  it.each([
    ["held", [ALL, down("03:10", "03:20")], /^OK: 99\.9 % was held\.$/m, /34 minutes more could/],
    [
      "missed",
      [ALL, down("03:10", "03:55")],
      /^NOT OK: 99\.9 % was not held/m,
      /1 minute more down/,
    ],
    ["blind", [], /^NOT OK: nothing says whether 99\.9 % was held; 44700 minutes not obs/m, /^/],
  ])("tells people whether it was held: %s", async (_, intervals, verdict, budget) => {
    const text = await monthOf(intervals, ...OCTOBER, "--objective", "99.9");
    expect(text).toMatch(verdict);
    expect(text).toMatch(budget);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("says that a month which is not over is not", async () => {
    const november = ["--month", "2026-11", "--timezone", "Europe/Riga"];
    await monthOf([], ...november);
    expect(warned.join()).toMatch(/2026-11 is not over: what is to come counts as unobserved/);
    warned.length = 0;
    await monthOf([], ...november, "--ended", "2026-11-20T00:00:00Z");
    expect(warned).toEqual([]);
  });

  it("reads a month of minutes, and overlapping ones by the hundred thousand, at once", async () => {
    const first = Date.parse(ALL.from);
    const minute = (index: number) => new Date(first + (index % 44_700) * 60_000).toISOString();
    const rows = Array.from({ length: 100_000 }, (_, index) =>
      index % 10 === 0
        ? { from: ALL.from, to: ALL.to, state: "up" }
        : { from: minute(index), to: minute(index).replace(/00\.000Z/, "59.999Z"), state: "up" },
    );
    const found = JSON.parse(await monthOf(rows, ...OCTOBER, "--json"));
    expect(found).toMatchObject({ minutes: { up: 44_700 }, availability: "100.000000" });
  });

  it("explains the precedence", () => {
    const program = new Command("sla").exitOverride();
    register(program);
    let help = "";
    const command = program.commands[0]?.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command?.outputHelp();
    expect(help).toMatch(
      /first of these states that\s+touches it:\s+maintenance, excluded, down, up/,
    );
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

const JSON_ROWS: readonly (readonly [unknown, RegExp])[] = [
  ["", /^standard input is empty: expected a JSON array like \[\{"from"/],
  [" \n", /^standard input is empty/],
  ["[{", /^standard input is no JSON: .* \(line 1 column 3\)$/],
  ["[", /^standard input is no JSON: Unexpected end.*; was it cut\?$/],
  ["from,to,state", /^standard input is no JSON: Unexpected token/],
  [{ intervals: [] }, /^standard input is no array: .*; its 'intervals' is one: jq \.intervals$/],
  ["null", /^standard input is no array: expected .*, got nothing$/],
  ["17", /^standard input is no array: expected .*, got 17$/],
  [[ALL, 17], /^\[1\]: expected an object with from, to and state, got 17$/],
  [[ALL, [ALL]], /^\[1\]: expected an object/],
  [[ALL, null], /^\[1\]: expected an object .*, got nothing$/],
  [[{ ...ALL, state: "dwon" }], /^\[0\]\.state: expected one of unobserved, up.*'down'\?$/],
  [[{ ...ALL, state: "UP" }], /^\[0\]\.state: .*got 'UP'; did you mean 'up'\?$/],
  [[{ ...ALL, state: 1 }], /^\[0\]\.state: expected one of .*, got 1$/],
  [[{ from: ALL.from, to: ALL.to }], /^\[0\]\.state: .* it is missing, there is from, to$/],
  [[{ ...ALL, from: "yesterday" }], /^\[0\]\.from: 'yesterday' is no instant: expected ISO 8601/],
  [
    [{ ...ALL, from: "2026-10-01 00:00" }],
    /^\[0\]\.from: '2026-10-01 00:00' says no time zone; .* say 2026-10-01T00:00:00\+03:00$/,
  ],
  [[{ ...ALL, to: "2026-10-32T00:00:00Z" }], /^\[0\]\.to: '2026-10-32T00:00:00Z' is no instant/],
  [[{ ...ALL, to: "2026-02-30T00:00:00Z" }], /^\[0\]\.to: .* is no instant/],
  [
    [{ ...ALL, from: 1_790_812_800 }],
    /^\[0\]\.from: expected an instant .*, got 1790812800; as Unix time that is "2026-10-01T00:00:00\.000Z"$/,
  ],
  [[{ ...ALL, to: null }], /^\[0\]\.to: expected an instant like .*, got nothing$/],
  [[{ From: ALL.from, to: ALL.to }], /^\[0\]\.from: .* it is missing, there is From, to$/],
  [
    [{ ...ALL, from: "2026-10-05T03:00:00.0000009Z", to: "2026-10-05T03:00:00.0000001Z" }],
    /^\[0\]\.to: '.*' is not after from, '.*'; are they swapped\?$/,
  ],
  [[{ ...ALL, to: ALL.from }], /^\[0\]\.to: '.*' is not after from, '.*'; are they swapped\?$/],
];

const FLAGS: readonly (readonly [readonly string[], RegExp])[] = [
  [["--month", "2026-13", "--timezone", "UTC"], /^--month: '2026-13' is no month: .* 2026-10$/],
  [
    ["--month", "2026-12", "--timezone", "UTC"],
    /^--month: 2026-12 has not begun in UTC: it is 2026-11-22T12:00:00.000Z$/,
  ],
  [["--month", "2026-10", "--timezone", "Mars/Base"], /^--timezone: there is no 'Mars\/Base'/],
  [["--month", "2026-10", "--timezone", "+02:00"], /^--timezone: there is no '\+02:00'; name one/],
  [[...OCTOBER, "--objective", "101"], /^--objective: '101' is more than all: .* up to 100/],
  [[...OCTOBER, "--objective", "99,9"], /^--objective: '99,9' is no percentage/],
  [[...OCTOBER, "--objective", "0.0"], /^--objective: expected more than 0 .*, got '0\.0'$/],
  [[...OCTOBER, "--began", "soon"], /^--began: 'soon' is no instant/],
  [[...OCTOBER, "--ended", "2026-10-05"], /^--ended: '2026-10-05' says no time zone; .*\+03:00$/],
  [
    [...OCTOBER, "--began", "2026-10-06T00:00Z", "--ended", "2026-10-06T00:00Z"],
    /^--ended: '2026-10-06T00:00Z' is not after --began, .*; are they swapped\?$/,
  ],
  [
    [...OCTOBER, "--began", "2026-10-06T00:00:10Z", "--ended", "2026-10-06T00:01:00Z"],
    /^--ended: no minute begins from '2026-10-06T00:00:10Z' to '2026-10-06T00:01:00Z': there is/,
  ],
  [
    [...OCTOBER, "--began", "2026-10-06T00:00:00.0000001Z", "--ended", "2026-10-06T00:01:00Z"],
    /^--ended: no minute begins from/,
  ],
  [
    [...OCTOBER, "--began", "2026-10-31T22:00Z"],
    /^--began: nothing is left of 2026-10, which is 2026-09-30T21:00:00\.000Z to 2026-10-31T22/,
  ],
  [
    [...OCTOBER, "--began", "2026-10-31T21:59:30Z"],
    /^--began: nothing is left of 2026-10, which is 2026-09-30T21:00:00\.000Z to 2026-10-31T22/,
  ],
  [[...OCTOBER, "--ended", "2026-09-30T21:00Z"], /^--ended: nothing is left of 2026-10/],
  [[...OCTOBER, "--most-unobserved", "-1"], /^--most-unobserved: expected a whole number/],
];

describe("sla month, given what it cannot work with", () => {
  const refusal = (run: Promise<unknown>) => run.catch((cause: unknown) => cause);

  it.each(JSON_ROWS)("refuses %j in one line", async (input, message) => {
    const refused = await refusal(monthOf(input, ...OCTOBER));
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
    expect(printed).toEqual([]);
  });

  it.each(FLAGS)("refuses %j in one line", async (argv, message) => {
    const refused = await refusal(monthOf([ALL], ...argv));
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
    expect(printed).toEqual([]);
  });

  it.each(["from", "state"])("does not repeat a whole page where %s belongs", async (key) => {
    const refused = await refusal(monthOf([{ ...ALL, [key]: "x".repeat(1e6) }], ...OCTOBER));
    expect(refused).toMatchObject({
      message: expect.stringMatching(/^\[0\]\.(from: 'x{60}'|state: expected one) .{1,120}$/),
    });
  });

  it("does not wait at a terminal", async () => {
    const terminal = Object.assign(Readable.from([]), { isTTY: true });
    const refused = await refusal(monthFrom(terminal, ...OCTOBER));
    expect(refused).toMatchObject({
      message: expect.stringMatching(/^standard input is this terminal: expected a JSON array/),
    });
  });

  it("says why standard input cannot be read", async () => {
    const directory = Readable.from(
      (async function* () {
        yield "[";
        throw new Error("EISDIR: illegal operation on a directory, read");
      })(),
    );
    const refused = await refusal(monthFrom(directory, ...OCTOBER));
    expect(refused).toMatchObject({
      ...{ exitCode: 2, message: expect.stringMatching(/cannot be read: EISDIR/) },
    });
  });
});
