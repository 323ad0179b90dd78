import { describe, expect, it, test } from "vitest";
import type { Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { filestoreOf, soldFilestore } from "../../../../lib/sla/backups/filestore.ts";
import { mirrorPlan } from "../../../../lib/sla/backups/mirror.ts";
import { pairing } from "../../../../lib/sla/backups/pairing.ts";
import { threeYears } from "../../../../lib/sla/backups/three-years.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";

describe("a filestore", () => {
  test.each([
    ["s3://acme-files", "acme-files", ""],
    ["s3://acme-files/", "acme-files", ""],
    ["s3://hosting/acme", "hosting", "acme/"],
    ["s3://hosting/odoo/acme/", "hosting", "odoo/acme/"],
  ])("%s is a bucket and what lies below a folder of it", (address, bucket, prefix) => {
    expect(filestoreOf(address)).toEqual({ bucket, prefix });
  });

  it("belongs to backups where the plan sells it", () => {
    const plans = PRESETS;
    const filestore = "s3://acme-files";
    expect(soldFilestore({ plans }, { plan: "binhex", filestore })).toBe(filestore);
    expect(soldFilestore({ plans }, { plan: "mintsys", filestore })).toBeUndefined();
    expect(soldFilestore({ plans }, { plan: "binhex" })).toBeUndefined();
  });
});

describe("what makes a replica of a source", () => {
  const source = [{ key: "a", size: 3, etag: '"abc"' }];
  const held = (etag: string, size = 3) => new Map([["a", { versionId: "v1", size, etag }]]);
  const none = new Map<string, string>();
  test.each([
    ["has the same size and tag", held('"abc"'), none, "kept"],
    ["has another tag", held('"xyz"'), none, "copied"],
    ["has another size", held('"abc"', 4), none, "copied"],
    ["is not there", new Map(), none, "copied"],
    ["has another tag because it came in parts", held('"x-2"'), new Map([["v1", '"abc"']]), "kept"],
    ["is of an older one that came in parts", held('"x-2"'), new Map([["v1", '"old"']]), "copied"],
    ["has the tag of another original", held('"abc"'), new Map([["v1", '"old"']]), "copied"],
  ] as const)("a file that %s is dealt with", (_, replica, originals, what) => {
    const plan = mirrorPlan(source, replica, originals);
    const [file] = source;
    expect(plan).toEqual({
      kept: what === "kept" ? [{ ...file, versionId: "v1" }] : [],
      copies: what === "copied" ? [file] : [],
      removals: [],
    });
  });

  it("is removing what the source no longer has", () => {
    expect(mirrorPlan([], held('"abc"'), none)).toMatchObject({ copies: [], removals: ["a"] });
  });
});

const [HOME, NEAR] = ["eu-central-2", "eu-central-1"] as const;
const id = (day: number) => `sla-acme-202601${String(day).padStart(2, "0")}t030000z`;

function backup(region: string, day: number, changes: Partial<Shelved> = {}): Shelved {
  const takenMs = Date.UTC(2026, 0, day, 3);
  return {
    ...{ id: id(day), region, instance: "acme", schedules: ["daily"], takenMs, tickMs: takenMs },
    ...{ epoch: 1, state: "available", isCopy: region !== HOME, isTimed: true, isHeld: false },
    ...changes,
  };
}

function paired(
  shelves: Readonly<Record<string, readonly Shelved[]>>,
  manifests: readonly number[],
) {
  const { wanted, gone, lacking } = pairing({
    ...{ region: NEAR, places: [HOME, NEAR] },
    shelves: new Map(Object.entries(shelves)),
    manifests: new Set(manifests.map(id)),
  });
  return { wanted: wanted.map((each) => each.id), gone, lacking };
}

describe("backups and the manifests of a place", () => {
  const [here, home] = [backup(NEAR, 5), backup(HOME, 5)];
  test.each([
    ["a copy", { [NEAR]: [here], [HOME]: [home] }, [], [5], [], [5]],
    ["one whose copy is still to come", { [NEAR]: [], [HOME]: [home] }, [], [5], [], []],
    ["one that is only left here", { [NEAR]: [here], [HOME]: [] }, [], [5], [], [5]],
    [
      "one that is being made",
      { [NEAR]: [], [HOME]: [backup(HOME, 5, { state: "making" })] },
      [],
      [],
      [],
      [],
    ],
    [
      "one of unknown time",
      { [NEAR]: [backup(NEAR, 5, { isTimed: false })], [HOME]: [] },
      [],
      [],
      [],
      [5],
    ],
    ["one that has its manifest", { [NEAR]: [here], [HOME]: [home] }, [5], [], [], []],
    ["a manifest whose backup is gone", { [NEAR]: [here], [HOME]: [] }, [4, 5], [], [4], []],
    [
      "one whose backup another place has",
      { [NEAR]: [here], [HOME]: [backup(HOME, 4)] },
      [4, 5],
      [],
      [],
      [],
    ],
    ["one whose backup a silent place may have", { [NEAR]: [here] }, [4, 5], [], [], []],
    ["the newest manifest", { [NEAR]: [], [HOME]: [] }, [4, 5], [], [4], []],
  ] as const)("%s", (_, shelves, manifests, wanted, gone, lacking) => {
    expect(paired(shelves, manifests)).toEqual({
      ...{ wanted: wanted.map(id), gone: gone.map(id), lacking: lacking.map(id) },
    });
  });

  it("are paired newest first", () => {
    const shelves = { [HOME]: [3, 5, 4].map((day) => backup(HOME, day)), [NEAR]: [] };
    expect(paired(shelves, []).wanted).toEqual([5, 4, 3].map(id));
  });
});

describe("how long a plan keeps its backups", () => {
  const zone = "Europe/Zurich";
  it("is what the longest of them stays", () => {
    const contents = ["database"] as const;
    const days = (keep: "30d" | "10d") =>
      threeYears({ contents, schedules: [{ every: "1d", keep }] }, zone).longestDays;
    expect(days("30d")).toBe(31);
    expect(days("10d")).toBe(11);
    const odoo = PRESETS["odoo"]?.backups;
    const longest = odoo && threeYears(odoo, zone).longestDays;
    expect(longest).toBeGreaterThan(92);
    expect(longest).toBeLessThan(160);
  });

  it("is not known where none of its age is ever deleted", () => {
    const schedules = [{ every: "1mo", keepNewest: 100 }] as const;
    expect(threeYears({ contents: ["database"], schedules }, zone).longestDays).toBeUndefined();
  });
});
