import { beforeEach, describe, expect, it } from "vitest";
import type { Access } from "../../../lib/operator/access.ts";
import {
  bringBack,
  planFiles,
  type Replicas,
  refuseTarget,
} from "../../../lib/operator/files-back.ts";
import type { Manifest } from "../../../lib/sla/backups/manifest.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { binhex } from "../../../lib/sla/presets/binhex.ts";
import { promotedRoles, type Roles, type Seat } from "../../../lib/sla/roles.ts";
import { fleetOf, instance, QUICK_PLAN } from "../../fakes/fleet.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "../../fakes/operator-access.ts";

const TO = "s3://rescue/acme";
const [OLD, NEW] = ["sla-acme-20261119t030000z", "sla-acme-20261120t030000z"];
const SOLD = { ...QUICK_PLAN, backups: binhex.backups } as Plan;
const ACME = instance("acme", { filestore: "s3://hosting/acme" });

const manifestOf = (backup: string, count = 3): Manifest => ({
  ...{ instance: "acme", backup, filestore: "s3://hosting/acme" },
  ...{ takenAt: "2026-11-20T03:00:00.000Z", filesAt: "2026-11-20T03:01:00.000Z" },
  files: Array.from({ length: count }, (_, index) => ({
    ...{ key: `file-${index}`, size: 100, etag: `e${index}`, versionId: `${backup}-${index}` },
  })),
});

let access: Access;
let bureau: Bureau;
/** By region and backup. */
let kept: Map<string, Manifest>;
/** `region key@version` */
let copied: string[];
let late: number;

beforeEach(() => {
  bureau = new Bureau();
  access = { ...bureau, fleet: fleetOf([ACME], SOLD) };
  kept = new Map(
    [HOME, STANDBY, CONTROL].flatMap((region) =>
      [OLD, NEW].map((backup) => [`${region}/${backup}`, manifestOf(backup)] as const),
    ),
  );
  copied = [];
  late = 0;
});

const replicas: Replicas = {
  manifests: (region) => ({
    async all() {
      const names = [...kept.keys()].filter((key) => key.startsWith(`${region}/`));
      return new Map([["acme", new Set(names.map((key) => key.slice(region.length + 1)))]]);
    },
  }),
  archive: (region) => ({
    manifest: async (_instance, backup) => kept.get(`${region}/${backup}`),
    versions: async () =>
      new Set([...kept.values()].flatMap(({ files }) => files.map((each) => each.versionId))),
  }),
  target: (region) => ({
    keys: async () => copied.map((each) => each.split(/[ @]/)[1] ?? ""),
    async copy({ file }) {
      if (late > 0) {
        late -= 1;
        return "late";
      }
      copied.push(`${region} ${file.key}@${file.versionId}`);
      return "copied";
    },
  }),
};
const plan = (more: { region?: string; backup?: string; to?: string } = {}, of: Instance = ACME) =>
  planFiles(access, replicas, of, { to: TO, ...more });

/** acme was brought back in CONTROL from this backup. */
function recovered(backup: string): void {
  const acme = bureau.memory.at(HOME).peek<Roles>("roles/acme.json");
  if (!acme) throw new Error("acme has no roles");
  const roles = promotedRoles(acme, CONTROL, "2026-11-21T10:00:30.000Z", "who came after it");
  const seat = { region: CONTROL, database: "acme-db-slar1" };
  for (const site of [HOME, STANDBY, CONTROL]) {
    bureau.memory.at(site).put("roles/acme.json", { ...roles, primary: seat });
  }
  const begin = (name: string, id: string, standby: Seat) =>
    bureau.memory.at(CONTROL).put(`failovers/acme/${name}/admit.json`, {
      ...{ before: { standby }, restored: { point: { from: "backup", id } } },
    });
  begin("rc-acme-e1-1", backup, seat);
  // Another that never came to serve.
  begin("rc-acme-e1-2", "sla-acme-20261101t030000z", { ...seat, database: "acme-db-slar0" });
}

describe("the files of an instance", () => {
  it("are those of the newest backup where its primary is", async () => {
    expect(await plan()).toMatchObject({
      ...{ region: HOME, bytes: 300, because: "the newest with files there" },
      manifest: { backup: NEW },
    });
  });

  it("are those of the backup from which it was recovered, where it is now", async () => {
    recovered(OLD);
    expect(await plan()).toMatchObject({
      ...{ region: CONTROL, because: "from which it was recovered" },
      manifest: { backup: OLD },
    });
  });

  it("are of that backup in whichever place", async () => {
    recovered(OLD);
    expect(await plan({ region: STANDBY })).toMatchObject({
      ...{ region: STANDBY, manifest: { backup: OLD } },
    });
  });

  it("are the newest where that one has none, and others where somebody says so", async () => {
    recovered("sla-acme-20261118t030000z");
    expect((await plan()).manifest.backup).toBe(NEW);
    expect(await plan({ backup: OLD, region: STANDBY })).toMatchObject({
      ...{ region: STANDBY, because: "as you said", manifest: { backup: OLD } },
    });
  });

  it("are copied as the manifest says, and go on where time was up", async () => {
    late = 2;
    const found = await plan({ region: STANDBY });
    expect(await bringBack(access, replicas, found, () => {})).toBe(3);
    expect(new Set(copied)).toEqual(
      new Set([0, 1, 2].map((each) => `${STANDBY} file-${each}@${NEW}-${each}`)),
    );
  });

  it("are given up where a file does not arrive, by its name", async () => {
    late = Number.POSITIVE_INFINITY;
    const found = await plan();
    await expect(bringBack(access, replicas, found, () => {})).rejects.toThrow(
      /^file-0: 3 times not copied within ten minutes/,
    );
  });

  it.each([
    [
      "no site",
      { region: "us-east-1" },
      /--region: 'us-east-1' is no site; sites are eu-central-2/,
    ],
    [
      "no backup",
      { backup: "nope" },
      /--backup: eu-central-2 has no files of 'nope'; .*sla-acme-20261120/,
    ],
  ])("are not brought back from %s", async (_what, wish, message) => {
    await expect(plan(wish)).rejects.toThrow(message);
  });

  it.each([
    ["no place in S3", "rescue/acme", /--to: 'rescue\/acme': expected an S3 location/],
    ["the customer's own files", "s3://hosting/acme/", /is where the files of acme live/],
    ["a place among them", "s3://hosting/acme/old", /is where the files of acme live/],
  ])("are not brought back to %s", (_what, to, message) => {
    expect(() => refuseTarget(ACME, to)).toThrow(message);
  });

  it("may go beside what is named alike", () => {
    expect(() => refuseTarget(ACME, "s3://hosting/acme-rescued")).not.toThrow();
  });

  it("are none where none are kept, and where the plan keeps none", async () => {
    kept.clear();
    await expect(plan()).rejects.toThrow(/eu-central-2 has no files of a backup of acme/);
    access = { ...access, fleet: fleetOf([ACME]) };
    await expect(plan()).rejects.toThrow(/acme: its plan 'quick' keeps no files/);
  });
});
