import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, FAR] = ["eu-central-2", "eu-west-1"] as const;
const DAY = 24 * 60;
const BEGAN = "2026-01-05T09:00:00Z";

function world(
  ids: readonly string[] = ["acme"],
  tests: Plan["imageTests"] | "none" = { every: "4d" },
) {
  const backups = PRESETS["binhex"]?.backups;
  const plan: Plan = {
    ...QUICK_PLAN,
    ...(backups && { backups }),
    ...(tests !== "none" && { imageTests: tests }),
  };
  const all = ids.map((id, index) =>
    instance(id, { copies: [FAR], machines: { [HOME]: `i-${index}` } }),
  );
  return new BackupWorld(fleetOf(all, plan), BEGAN);
}

const boots = ({ calls }: BackupWorld, region = "") =>
  calls.filter((call) => call.startsWith(`boot ${region}`));
const troubles = ({ ledgers }: BackupWorld, region: string) =>
  (ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`)?.troubles ?? []).filter(
    ({ kind }) => kind === "restore-test-failed",
  );

describe("tests of images", () => {
  it("are due as often as the plan says, away from the primary first, each time in the next place", async () => {
    const month = world();
    await month.run(16 * DAY, 60);
    expect(boots(month).map((call) => call.split(" ")[1])).toEqual([FAR, HOME, FAR, HOME]);
    expect(month.notices).toEqual([]);
    const proven = month.images
      .all(FAR)
      .filter((id) => month.images.tagsOf(FAR, id)?.[TAGS.verified] !== undefined);
    expect(proven.length).toBeGreaterThan(0);
    const shown = month.ledgers.at(FAR).peek<ShelfState>(`shelves/${FAR}.json`);
    const tags = month.images.tagsOf(FAR, proven.at(-1) ?? "");
    expect(shown?.instances["acme"]?.images?.proven?.at).toBe(tags?.[TAGS.verified]);
  });

  it("are none where nobody sells them", async () => {
    const month = world(["acme"], "none");
    await month.run(16 * DAY, 180);
    expect(boots(month)).toEqual([]);
  });

  it("are in the ledger apart from those of databases", async () => {
    const week = world();
    await week.run(3 * DAY, 60);
    const ledger = week.ledgers.at(FAR);
    const deeds = ledger
      .keys("backups/")
      .flatMap((key) => ledger.peek<{ deeds: { kind: string }[] }>(key)?.deeds ?? []);
    const kinds = deeds.map(({ kind }) => kind).filter((kind) => kind.startsWith("verify"));
    expect(kinds).toContain("verify-image");
  });

  it("are two at a time in a region", async () => {
    const many = world(["acme", "birch", "cedar", "elm"]);
    many.images.endless = true;
    await many.run(1.4 * DAY, 30);
    expect(boots(many, FAR)).toHaveLength(2);
    expect(boots(many, HOME)).toEqual([]);
    await many.run(DAY / 2, 30);
    expect(boots(many, FAR)).toHaveLength(4);
  });

  it("that fail are told, tried again every day, and keep the last image that came up", async () => {
    const month = world();
    await month.run(3 * DAY, 60);
    const [proven = ""] = month.images
      .all(FAR)
      .filter((id) => month.images.tagsOf(FAR, id)?.[TAGS.verified] !== undefined);
    month.images.unbootable.add(FAR).add(HOME);
    await month.run(20 * DAY, 60);
    expect(troubles(month, FAR)).toMatchObject([{ of: "images", isTold: true }]);
    expect(month.images.available(FAR)).toContain(proven);
    const told = month.notices.find(({ occasion }) => occasion?.startsWith("images-restore-test"));
    expect(told?.lines.join(" ")).toContain("npx sla restore-test acme --image --last");
    month.images.unbootable.clear();
    await month.run(6 * DAY, 60);
    expect(troubles(month, FAR)).toEqual([]);
    expect(month.notices.at(-1)?.lines[0]).toMatch(/no longer failing the test of an image/);
  });
});
