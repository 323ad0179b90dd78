import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Command } from "commander";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Shelf } from "../../../functions/report/answering.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { seenMinutes } from "../../../lib/books/seen-minutes.ts";
import { register } from "../../../lib/cli/report.ts";
import { LookSheet, recounted } from "../../../lib/sla/books/look-sheet.ts";
import { sheetOf } from "../../../lib/sla/books/minute-sheet.ts";
import { readRuns, writeRuns } from "../../../lib/sla/books/runs.ts";
import { tallyOf } from "../../../lib/sla/books/tally.ts";
import { type Verdict, verdictOf } from "../../../lib/sla/verdict.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const directory = mkdtempSync(join(tmpdir(), "month-report-"));
afterAll(() => rmSync(directory, { recursive: true }));

const VOTES = {
  up: { a: "good", b: "good", c: "abstains" },
  down: { a: "bad", b: "bad", c: "good" },
  unknown: { a: "good", b: "bad", c: "abstains" },
} as const;

function round(at: string, verdicts: Readonly<Record<string, Verdict>>, slot = at): RoundRecord {
  const rows = Object.entries(verdicts).map(([id, verdict]) => [
    id,
    { epoch: 1, verdict, votes: VOTES[verdict], database: "unknown" as const },
  ]);
  const looks = [{ slot, instances: Object.fromEntries(rows) }];
  return { shard: "s00", site: "eu-west-1", scheduledTime: at, looks };
}

const keyOf = ({ scheduledTime, shard }: RoundRecord) =>
  keys.round(new Date(scheduledTime).toISOString(), shard);

describe("what a look counts as", () => {
  it.each([
    ["down", "down", "down"],
    ["up", "up", "up"],
    ["up", "down", "down"],
    ["down", "up", "down"],
    ["up", "unknown", "unknown"],
    ["unknown", "up", "unknown"],
    ["unknown", "down", "down"],
  ] as const)("recorded %s, voted %s: %s", (recorded, voted, counts) => {
    expect(recounted(recorded, VOTES[voted])).toBe(counts);
  });

  it("follows from its votes by the rule of the watch", () => {
    const says = fc.constantFrom("good", "bad", "abstains");
    fc.assert(
      fc.property(fc.dictionary(fc.string(), says, { maxKeys: 7 }), (votes) => {
        const cast = Object.entries(votes).map(([vantage, each]) => ({ vantage, says: each }));
        const verdict = verdictOf(Object.keys(votes), cast);
        expect(recounted(verdict, votes)).toBe(verdict);
      }),
    );
  });

  it("speaks for its minute, or until the next look of a slow plan", () => {
    const span = { fromMs: 0, toMs: 60 * 60_000 };
    const minutesOf = (everySeconds: number, ...slots: readonly number[]) => {
      const sheet = new LookSheet(span, everySeconds);
      for (const slot of slots) sheet.add(slot * 1000, "down");
      return tallyOf(sheetOf(span, readRuns(writeRuns(sheet.minutes()), 0)).minutes()).minutes.down;
    };
    expect(minutesOf(15, 615)).toBe(1);
    expect(minutesOf(60, 637)).toBe(1);
    expect(minutesOf(60, 637, 697)).toBe(2);
    expect(minutesOf(300, 600)).toBe(5);
    expect(minutesOf(300, -120)).toBe(3);
    expect(minutesOf(300, 3500)).toBe(2);
  });
});

const span = { fromMs: Date.parse("2026-10-05T10:00Z"), toMs: Date.parse("2026-10-05T11:00Z") };
const everySeconds = new Map([
  ["acme", 60],
  ["birch", 60],
]);
/** What acme and birch were seen as, as `acme 10:03 up`. */
async function readFrom(shelf: Shelf, now: () => number = () => NOW) {
  const { intervalsOf, evidence } = await seenMinutes([shelf], { span, everySeconds, now });
  const seen = [...everySeconds.keys()].flatMap((id) =>
    intervalsOf(id).map(
      ({ state, fromMs }) => `${id} ${new Date(fromMs).toISOString().slice(11, 16)} ${state}`,
    ),
  );
  return { seen, evidence };
}

describe("records of rounds", () => {
  function read(fill: (ledger: MemoryLedger) => void) {
    const ledger = new MemoryLedger("eu-west-1");
    fill(ledger);
    return readFrom(ledger);
  }

  it("are handed over to whom they are about, and to nobody else", async () => {
    const good = round("2026-10-05T10:03:00.000Z", { birch: "down", gone: "down", acme: "up" });
    const { evidence, seen } = await read((ledger) => ledger.put(keyOf(good), good));
    expect(seen).toEqual(["acme 10:03 up", "birch 10:03 down"]);
    expect(evidence).toEqual({
      ...{ rounds: 1, unreadable: [], misplaced: [], fromTheFuture: [] },
      ...{ seals: [], unsealedDays: 1 },
    });
  });

  it("that make no sense are named, and say nothing", async () => {
    const name = (time: string) => `rounds/2026-10-05/${time}-s00.json.gz`;
    const good = round("2026-10-05T10:05:00.000Z", { acme: "up" });
    const rows: readonly (readonly [string, unknown])[] = [
      [name("100000"), null],
      [name("100100"), { looks: [] }],
      [name("100200"), { ...good, looks: [{ slot: "soon", instances: {} }] }],
      [name("100300"), { ...good, scheduledTime: "soon" }],
      [name("100400"), { ...good, looks: [{ slot: good.scheduledTime, instances: { acme: {} } }] }],
      [name("100600"), good],
      [name("100700"), round("2026-10-05T10:07:00.000Z", { acme: "up" }, "2026-10-05T10:30:00Z")],
      [name("100800"), round("2026-10-05T10:08:00.000Z", { acme: "up" }, "2026-10-05T10:07:00Z")],
    ];
    const { evidence, seen } = await read((ledger) => {
      for (const [key, value] of rows) ledger.put(key, value);
    });
    expect(seen).toEqual([]);
    expect(evidence.rounds).toBe(0);
    expect(evidence.unreadable).toEqual(rows.slice(0, 5).map(([key]) => key));
    expect(evidence.misplaced).toEqual(rows.slice(5).map(([key]) => key));
  });

  it("from the future are not believed", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    const good = round("2026-10-05T10:30:00.000Z", { acme: "up" });
    ledger.put(keyOf(good), good);
    const before = Date.parse("2026-10-05T10:29:00Z");
    const { evidence, seen } = await readFrom(ledger, () => before);
    expect(evidence).toMatchObject({ rounds: 0, fromTheFuture: [keyOf(good)] });
    expect(seen).toEqual([]);
  });

  it("that were written while others were read are not from the future", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    const good = round("2026-10-05T10:30:00.000Z", { acme: "up" });
    let nowMs = Date.parse("2026-10-05T10:29:59Z");
    const list = (prefix: string) => {
      nowMs = Date.parse("2026-10-05T10:30:01Z");
      ledger.put(keyOf(good), good);
      return ledger.list(prefix);
    };
    const text = (key: string) => ledger.text(key);
    const read = <T>(key: string) => ledger.read<T>(key);
    const { evidence } = await readFrom({ list, text, read }, () => nowMs);
    expect(evidence).toMatchObject({ rounds: 1, fromTheFuture: [] });
  });

  it("of a site that does not answer stop it: nothing is settled without them", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    ledger.reachable = false;
    await expect(readFrom(ledger)).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});

describe("sla report", () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(process.stdout, "write").mockImplementation((part) => printed.push(String(part)) > 0);
    vi.setSystemTime(NOW);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  async function report(...argv: readonly string[]): Promise<string> {
    const program = new Command("sla").exitOverride();
    register(program);
    const fleet = ["--fleet", "examples/fleet.yaml"];
    await program.parseAsync(["node", "sla", "report", "--month", "2026-10", ...fleet, ...argv]);
    return printed.join("").trimEnd();
  }

  function write(ledger: string, record: RoundRecord, pack = gzipSync): void {
    const key = keyOf(record);
    const path = join(directory, ledger, key);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, pack(JSON.stringify(record)));
  }

  const minute = (index: number) =>
    new Date(Date.parse("2026-10-05T10:00Z") + index * 60_000).toISOString();
  const HOUR = ["--instance", "acme", "--began", minute(0), "--ended", minute(60)];

  it("settles what two ledgers hold, and names what it could not read", async () => {
    for (let index = 0; index < 60; index += 1) {
      const ledger = index % 2 === 0 ? "two/eu-west-1" : "two/eu-central-1";
      const verdict = index >= 10 && index < 13 ? "down" : "up";
      write(ledger, round(minute(index), { acme: verdict, birch: "up" }));
    }
    // As tools leave it that unpack what they copy, and as a copy that broke off.
    write("two/eu-west-1", round(minute(20), { acme: "up" }), (json) => Buffer.from(String(json)));
    write("two/eu-west-1", round(minute(30), { acme: "up" }), (json) =>
      gzipSync(json).subarray(0, 40),
    );
    const text = await report("--ledger", join(directory, "two"), ...HOUR);
    expect(text).toMatch(/^2026-10, Europe\/Zurich, from 59 recorded rounds$/m);
    expect(text).toMatch(/^acme \(mintsys\): NOT HELD$/m);
    expect(text).toMatch(/^ {2}available {2}94\.915254 %, sold 99\.9 %; 3 minutes more down than/m);
    expect(text).toMatch(/^ {2}minutes {4}56 up, 3 down \(the longest outage 3\), 1 unobserved$/m);
    expect(text).toMatch(/^! records nobody can read: rounds\/2026-10-05\/103000-s00\.json\.gz$/m);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    printed.length = 0;
    expect(JSON.parse(await report("--ledger", join(directory, "two"), ...HOUR, "--json"))).toEqual(
      {
        ...{ month: "2026-10", timezone: "Europe/Zurich" },
        instances: [
          {
            ...{ instance: "acme", plan: "mintsys", timezone: "Europe/Zurich" },
            minutes: { total: 60, up: 56, down: 3, unobserved: 1, maintenance: 0, excluded: 0 },
            ...{ availability: "94.915254", objective: "99.9", held: false, provable: true },
            ...{ longestOutageMinutes: 3, errorBudgetMinutes: -3, credit: null },
            withoutExclusions: {
              minutes: { total: 60, up: 56, down: 3, unobserved: 1, maintenance: 0, excluded: 0 },
              ...{ availability: "94.915254", held: false, provable: true },
              ...{ longestOutageMinutes: 3, errorBudgetMinutes: -3 },
            },
            service: { from: minute(0), to: minute(60) },
            ...{ windows: [], annotations: [] },
            outages: [{ from: minute(10), to: minute(13), minutes: 3 }],
            promises: expect.arrayContaining([
              expect.objectContaining({ promise: "availability", status: "broken" }),
              expect.objectContaining({ promise: "rtoServer", status: "no-case", evidence: [] }),
            ]),
            ...{ incidents: [], failovers: [], restoreTests: [], gameDays: [], backups: [] },
            unreadable: [],
          },
        ],
        evidence: {
          ...{ rounds: 59, misplaced: [], fromTheFuture: [] },
          unreadable: ["rounds/2026-10-05/103000-s00.json.gz"],
          ...{ seals: [], unsealedDays: 2 },
        },
      },
    );
  });

  it("says what a missed month is worth, and until when", async () => {
    for (let index = 0; index < 60; index += 1) {
      write("one", round(minute(index), { acme: index === 7 ? "down" : "up" }));
    }
    const fleet = join(directory, "fleet.yaml");
    const credits =
      '{ bands: [{ belowPercent: "99.9", fromPercent: "0", creditPercent: 5 }], capPercent: 100, claimDays: 30 }';
    writeFileSync(
      fleet,
      `plans: { sold: { extends: mintsys, credits: ${credits} } }\n${readFileSync("examples/fleet.yaml", "utf8").replace("plan: mintsys", "plan: sold")}`,
    );
    const args = ["--ledger", join(directory, "one"), "--fleet", fleet, ...HOUR];
    expect(await report(...args)).toMatch(
      /^ {2}credit {5}5 % of the month's fee: €2\.45, if claimed before 2026-12-01 00:00$/m,
    );
    printed.length = 0;
    expect(JSON.parse(await report(...args, "--json")).instances[0].credit).toEqual({
      ...{ percent: 5, amount: "2.45", currency: "EUR", claimBefore: "2026-11-30T23:00:00.000Z" },
    });
  });

  it("prints a line an instance for spreadsheets", async () => {
    write("csv", round(minute(0), { acme: "down" }));
    const fleet = join(directory, "pepper.yaml");
    const plans = "plans: { pepper: { extends: cloudpepper-high, residency: null } }";
    const example = readFileSync("examples/fleet.yaml", "utf8");
    writeFileSync(fleet, `${plans}\n${example.replace("plan: mintsys", "plan: pepper")}`);
    const args = ["--ledger", join(directory, "csv"), "--fleet", fleet];
    expect((await report(...args, ...HOUR, "--csv")).split("\n")).toEqual([
      "month,timezone,instance,plan,minutes,up,down,unobserved,maintenance,excluded,availability,objective,held,provable,longestOutageMinutes,errorBudgetMinutes,creditPercent,creditAmount,currency,claimBefore,availabilityWithoutExclusions,heldWithoutExclusions,creditEligible",
      "2026-10,Europe/Zurich,acme,pepper,60,0,1,59,0,0,0.000000,99.9,false,true,1,-1,25,12.25,EUR,2026-11-30T23:00:00.000Z,0.000000,false,true",
    ]);
  });

  it("calls a month that nobody looked at what it is", async () => {
    mkdirSync(join(directory, "empty/rounds"), { recursive: true });
    const text = await report("--ledger", join(directory, "empty"));
    expect(text).toMatch(/^cedar \(odoo\): NOT PROVABLE, 44700 minutes unobserved$/m);
    expect(text).toMatch(/^ {2}available {2}no minute was up or down$/m);
  });

  it.each([
    [["--ledger", "no-such"], /^--ledger: cannot read 'no-such': there is no such directory$/],
    [
      ["--ledger", "docs"],
      /^--ledger: there is no rounds\/ or seals\/ in 'docs'.*aws s3 sync s3:\/\/sla-ledger/,
    ],
    [["--ledger", "docs", "--instance", "heron"], /the fleet has no 'heron'; it has acme/],
    [
      ["--ledger", "docs", "--began", minute(0)],
      /^--began: name the --instance that it is said of/,
    ],
    [
      ["--ledger", "docs", "--month", "2026-12"],
      /^--month: 2026-12 has not begun in Europe\/Zurich/,
    ],
    [["--ledger", "docs", "--month", "10/2026"], /^--month: '10\/2026' is no month/],
  ] as const)("refuses %j in one line", async (argv, message) => {
    const refused = await report(...argv).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
    expect(printed).toEqual([]);
  });
});
