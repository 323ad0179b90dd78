import { describe, expect, it } from "vitest";
import type { AutomatedBackup } from "../../../../lib/sla/backups/log-book.ts";
import { logBookOf, logTags } from "../../../../lib/sla/backups/log-book.ts";
import { type LogDesired, reconcileLogs } from "../../../../lib/sla/backups/ship-logs.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const NOW = Date.parse("2026-01-06T09:00:00Z");
const PRIMARY = { region: HOME, database: "acme-db" };
const OLD = { region: FAR, database: "acme-db-old" };
const DEMAND = { places: [NEAR, FAR], days: 8, rpoSeconds: 3600 };
const WANTED: LogDesired = { instance: "acme", primary: PRIMARY, demand: DEMAND };

const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const kept: AutomatedBackup = { region: HOME, source: PRIMARY, status: "active", tags: {} };
const shipped = (region: string, more: Partial<AutomatedBackup> = {}): AutomatedBackup => ({
  ...{ region, source: PRIMARY, status: "replicating", latest: ago(8), tags: logTags("acme") },
  ...more,
});
const begun = { status: "pending", latest: undefined } as unknown as Partial<AutomatedBackup>;

function done(
  desired: LogDesired,
  all: readonly AutomatedBackup[],
  silent: readonly string[] = [],
) {
  const heard = [HOME, NEAR, FAR].filter((region) => !silent.includes(region));
  const listings = heard.map(
    (region) => [region, all.filter((one) => one.region === region)] as const,
  );
  const { actions, findings } = reconcileLogs(desired, logBookOf(new Map(listings)), NOW);
  return {
    actions: actions.map(({ kind, region, id }) => `${kind} ${region} ${id}`),
    findings: findings.map(({ kind, region }) => `${kind} ${region}`),
    because: actions.map(({ because }) => because),
  };
}

describe("logs of an instance that needs them elsewhere", () => {
  it.each<[string, AutomatedBackup[], string[], string[]]>([
    [
      "begin to be shipped to the first place",
      [kept],
      ["ship-logs eu-central-1 acme-db"],
      ["logs-late eu-central-1"],
    ],
    ["are left alone where they are shipped", [kept, shipped(NEAR)], [], []],
    ["are left alone at another place that will do", [kept, shipped(FAR)], [], []],
    ["are left alone where a person has begun it", [kept, shipped(NEAR, { tags: {} })], [], []],
    [
      "are waited for until they can be restored",
      [kept, shipped(NEAR, begun)],
      [],
      ["logs-late eu-central-1"],
    ],
    [
      "are late once half of the RPO is gone",
      [kept, shipped(NEAR, { latest: ago(31) })],
      [],
      ["logs-late eu-central-1"],
    ],
    [
      "begin anew where replication has ended",
      [kept, shipped(NEAR, { status: "retained" })],
      ["ship-logs eu-central-1 acme-db"],
      ["logs-late eu-central-1"],
    ],
    ["cannot be shipped if RDS keeps none", [], [], ["logs-not-kept eu-central-2"]],
    [
      "cannot be shipped before RDS has any",
      [{ ...kept, status: "creating" }],
      [],
      ["logs-not-kept eu-central-2"],
    ],
    [
      "are shipped to one place only",
      [kept, shipped(NEAR), shipped(FAR)],
      ["stop-logs eu-west-1 acme-db"],
      [],
    ],
    [
      "stay at two while neither can be restored",
      [kept, shipped(NEAR, begun), shipped(FAR, begun)],
      [],
      ["logs-late eu-central-1"],
    ],
    [
      "rest on what can be restored, not on what comes first",
      [kept, shipped(NEAR, begun), shipped(FAR)],
      ["stop-logs eu-central-1 acme-db"],
      [],
    ],
    [
      "of an old primary go on until the new one's can be restored",
      [kept, shipped(NEAR, begun), shipped(NEAR, { source: OLD })],
      [],
      ["logs-late eu-central-1"],
    ],
    [
      "of an old primary end then",
      [kept, shipped(NEAR), shipped(NEAR, { source: OLD })],
      ["stop-logs eu-central-1 acme-db-old"],
      [],
    ],
    [
      "of an old primary that are retained are nobody's business",
      [kept, shipped(NEAR), shipped(NEAR, { source: OLD, status: "retained" })],
      [],
      [],
    ],
    [
      "of an old primary that a person replicates are left alone",
      [kept, shipped(NEAR), shipped(NEAR, { source: OLD, tags: {} })],
      [],
      [],
    ],
  ])("%s", (_name, all, actions, findings) => {
    expect(done(WANTED, all)).toMatchObject({ actions, findings });
  });

  it("end at once where no copies belong any more", () => {
    const only = { ...WANTED, demand: { ...DEMAND, places: [NEAR] } };
    expect(done(only, [kept, shipped(FAR)]).actions).toEqual([
      "stop-logs eu-west-1 acme-db",
      "ship-logs eu-central-1 acme-db",
    ]);
  });

  it("are not late while the region that writes them is lost", () => {
    const late = shipped(NEAR, { latest: ago(600) });
    expect(done(WANTED, [kept, late], [HOME])).toMatchObject({ actions: [], findings: [] });
    expect(done(WANTED, [kept], [HOME])).toMatchObject({ actions: [], findings: [] });
  });

  it("say why, and for whom", () => {
    expect(done(WANTED, [kept]).because).toEqual([
      "a lost eu-central-2 may cost 60 min, its schedules give more",
    ]);
  });
});

describe("logs of an instance that needs none elsewhere", () => {
  const { demand: _, ...UNWANTED } = WANTED;

  it("end, but for what is not ours", () => {
    const all = [
      kept,
      shipped(NEAR),
      shipped(FAR, { tags: {} }),
      shipped(FAR, { tags: logTags("birch") }),
    ];
    const { actions, because } = done(UNWANTED, all);
    expect(actions).toEqual(["stop-logs eu-central-1 acme-db"]);
    expect(because).toEqual(["what was sold is kept without it"]);
  });
});

describe("whatever is there", () => {
  const places: readonly AutomatedBackup[][] = [NEAR, FAR].map((region) => [
    shipped(region),
    shipped(region, begun),
    shipped(region, { tags: {} }),
    shipped(region, { source: OLD }),
    shipped(region, { status: "retained" }),
  ]);
  const choices = Array.from({ length: 2 ** 10 }, (_, bits) =>
    places.flat().filter((_one, index) => bits & (1 << index)),
  );

  const seen = choices.map((all) => {
    const listings = [HOME, NEAR, FAR].map(
      (place) => [place, [kept, ...all].filter(({ region }) => region === place)] as const,
    );
    const live = all.filter(({ status }) => status !== "retained");
    return { live, ...reconcileLogs(WANTED, logBookOf(new Map(listings)), NOW) };
  });
  const current = (all: readonly AutomatedBackup[]) =>
    all.filter(({ source }) => source === PRIMARY);

  it("rests on something that can be restored, if there is any", () => {
    for (const { live, shipped: rests } of seen) {
      const expected = current(live).some(({ latest }) => latest !== undefined);
      expect(rests?.latest !== undefined).toBe(expected);
    }
  });

  it("begins once, where nothing is under way", () => {
    for (const { live, actions } of seen) {
      const starts = actions.filter(({ kind }) => kind === "ship-logs");
      expect(starts).toHaveLength(current(live).length === 0 ? 1 : 0);
    }
  });

  it("ends only what is ours, never what the RPO rests on, and nothing before that can be restored", () => {
    for (const { live, actions, shipped: rests } of seen) {
      const stops = actions.filter(({ kind }) => kind === "stop-logs");
      if (rests?.latest === undefined) expect(stops).toEqual([]);
      for (const { region, source } of stops) {
        const same = live.filter((one) => one.region === region && one.source === source);
        expect(same.some(({ tags }) => tags["sla:managed"])).toBe(true);
        expect(source === PRIMARY && region === rests?.region).toBe(false);
      }
    }
  });
});
