import { describe, expect, it } from "vitest";
import type { DeliveryState } from "../../../functions/deliver/contract.ts";
import type { ShelfState } from "../../../functions/reconcile/contract.ts";
import { backupLines } from "../../../lib/operator/backup-lines.ts";
import { type BackupView, backupView } from "../../../lib/operator/backup-view.ts";
import { backupId, type Listed, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "../../fakes/operator-access.ts";

const ZONE = "Europe/Zurich";
const DAY_MS = 86_400_000;
const SOLD: Plan["backups"] = {
  contents: ["database"],
  schedules: [{ every: "1d", keepNewest: 2 }],
};

/** So many daily backups of acme, the newest of last night, in one region. */
function nights(bureau: Bureau, region: string, count: number): Listed[] {
  const midnight = Math.floor(bureau.clock.now().getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_, index) => {
    const tickMs = midnight - index * DAY_MS + 3 * 3_600_000;
    return {
      ...{ id: backupId("acme", tickMs), region, status: "available", isCopy: region !== HOME },
      takenAt: new Date(tickMs).toISOString(),
      tags: tagsOf({ instance: "acme", schedules: ["daily"], tickMs }),
    };
  });
}

async function seen(
  held: Readonly<Record<string, number>>,
  bureau = new Bureau(),
): Promise<BackupView> {
  for (const [name, plan] of Object.entries(bureau.fleet.plans)) {
    Object.assign(bureau.fleet.plans, { [name]: { ...plan, backups: SOLD } });
  }
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("the fleet is empty");
  return backupView(
    bureau,
    { ...acme, copies: [STANDBY] },
    {
      list: async (region) => {
        const count = held[region];
        if (count === undefined) throw new Error("no answer");
        return nights(bureau, region, count);
      },
    },
  );
}

describe("the backups of an instance", () => {
  it("say where each lies, why it stays, and what is done next", async () => {
    const view = await seen({ [HOME]: 2, [STANDBY]: 1 });
    expect(view.places).toEqual([HOME, STANDBY]);
    expect(view.backups.map(({ states }) => Object.keys(states))).toEqual([
      [HOME],
      [HOME, STANDBY],
    ]);
    expect(view.wanted).toMatchObject([
      { kind: "copy", from: HOME, to: STANDBY },
      { kind: "verify", region: STANDBY, because: "never tested here" },
    ]);
    const text = backupLines(view, ZONE).join("\n");
    expect(text).toMatch(/04:00 +yes +- +schedule daily/);
    expect(text).toMatch(/ {2}next {2}copy sla-acme-/);
  });

  it("show where a database could be restored, but without its files", async () => {
    const bureau = new Bureau();
    const state: Omit<ShelfState, "instances"> = {
      ...{ at: bureau.clock.now().toISOString(), fleet: "fleet/1.json", troubles: [] },
    };
    const tonight = nights(bureau, STANDBY, 1).map(({ id }) => id);
    const instances = { acme: { available: 2, making: 0, withoutFiles: tonight } };
    bureau.memory.at(STANDBY).put(`shelves/${STANDBY}.json`, { ...state, instances });
    const view = await seen({ [HOME]: 1, [STANDBY]: 1 }, bureau);
    expect(view.backups.map(({ withoutFiles }) => withoutFiles)).toEqual([[STANDBY]]);
    expect(backupLines(view, ZONE).join("\n")).toMatch(/04:00 +yes +no files +schedule daily/);
  });

  it("say what would be lost with the region of the primary, and what that leaves", async () => {
    const there = await seen({ [HOME]: 2, [STANDBY]: 1 });
    expect(there.recovery).toMatchObject({
      from: "backup",
      region: STANDBY,
      at: there.backups[1]?.takenAt,
    });
    const text = backupLines(there, ZONE).join(" ").replace(/\s+/g, " ");
    expect(text).toMatch(
      /lost without eu-central-2 and its standby: a backup of .* in eu-central-1, .* lost/,
    );
    const alone = await seen({ [HOME]: 2, [STANDBY]: 0 });
    expect(alone.recovery).toBeUndefined();
    expect(backupLines(alone, ZONE).join("\n")).toContain("nothing could be restored");
  });

  it("say of one that nothing keeps that it is so", async () => {
    const lines = backupLines(await seen({ [HOME]: 3, [STANDBY]: 3 }), ZONE);
    expect(lines.filter((line) => line.endsWith(" nothing"))).toHaveLength(1);
  });

  it("are not known of a place that does not answer, which keeps what it may need and nothing else", async () => {
    const view = await seen({ [HOME]: 3 });
    expect(view.silent).toEqual([STANDBY]);
    expect(view.wanted).toMatchObject([
      { kind: "verify", region: HOME },
      { kind: "delete", because: "older than everything the plan keeps" },
    ]);
    expect(backupLines(view, ZONE).join("\n")).toContain(`${STANDBY} does not answer`);
  });

  it("say how far replicated logs reach, and what losing the primary's region would have cost", async () => {
    const bureau = new Bureau();
    const at = "2026-11-21T10:00:00.000Z";
    const logs = { from: HOME, latest: "2026-11-21T09:51:00.000Z", lossSeconds: 540 };
    const state = { at, fleet: "fleet/1.json", troubles: [] };
    const put = (instance: object) =>
      bureau.memory.at(STANDBY).put(`shelves/${STANDBY}.json`, {
        ...{ ...state, instances: { acme: { available: 0, making: 0, ...instance } } },
      });
    put({ logs });
    const view = await seen({ [HOME]: 1, [STANDBY]: 1 }, bureau);
    expect(view.logs).toEqual([{ ...logs, to: STANDBY, at }]);
    expect(backupLines(view, ZONE)).toContain(
      "  logs  replicated to eu-central-1 up to 2026-11-21 10:51, 9m behind",
    );
    put({ logs: { from: HOME } });
    const none = backupLines(await seen({ [HOME]: 1, [STANDBY]: 1 }, bureau), ZONE);
    expect(none.join("\n")).toContain("nothing can be restored from them yet");
  });

  it("fit on a screen, with four places and all that can be wrong", async () => {
    const view = await seen({ [HOME]: 2, [STANDBY]: 2 });
    const places = [...view.places, "ap-southeast-2", "me-central-1"];
    const detail = `take sla-acme-20261121t030000z: ${"RDS says no. ".repeat(20)}`;
    const trouble = { kind: "refused", instance: "acme", region: HOME, detail, isTold: true };
    const wide = { ...view, places, troubles: [{ ...trouble, since: "2026-11-21T01:00:00Z" }] };
    const lines = backupLines({ ...wide, plan: "a-plan-with-quite-a-long-name-for-it" }, ZONE);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.at(-1)).toContain("docs/runbook.md#backups-troubled");
  });

  describe("that go to a place of the customer's own", () => {
    const PLACE = "sftp://backup.acme.example:22/backups";

    /** What is said where the site of frozen copies has this of it. */
    async function told(state: Partial<DeliveryState> | undefined, isReachable = true) {
      const bureau = new Bureau();
      const [acme] = bureau.fleet.instances;
      Object.assign(bureau.fleet, {
        frozen: { account: "222222222222", region: CONTROL, retainDays: 120 },
      });
      Object.assign(acme ?? {}, {
        destination: {
          ...{ kind: "sftp", host: "backup.acme.example", port: 22, path: "/backups" },
          ...{ hostKey: ["SHA256:x"], secret: "acme/destination" },
        },
      });
      const ledger = bureau.memory.at(CONTROL);
      if (state) ledger.put("delivering/acme.json", { instance: "acme", place: PLACE, ...state });
      ledger.reachable = isReachable;
      const view = await seen({ [HOME]: 1, [STANDBY]: 1 }, bureau);
      return backupLines(view, ZONE).join(" ").replace(/\s+/g, " ");
    }
    const last = {
      ...{ backup: "sla-acme-1", takenAt: "2026-11-20T03:00:00.000Z" },
      deliveredAt: "2026-11-20T05:00:00.000Z",
      name: "acme-2026-11-20T030000Z.dump.age",
      encrypted: { bytes: 7_340_032, sha256: "ab" },
    };

    it("are told with the last that arrived there", async () => {
      expect(await told({ last })).toMatch(
        /sent to sftp:\/\/backup\.acme\.example:22\/backups: the dump of .*04:00 arrived .*06:00 as acme-2026-11-20T030000Z\.dump\.age, 7/,
      );
    });

    it("are told with what keeps them from it, and where to look", async () => {
      const trouble = {
        ...({ code: "DestinationFull", detail: "no more than 7 bytes" } as const),
        ...{ since: "2026-11-21T05:00:00.000Z", triedAt: "2026-11-21T10:00:00.000Z" },
      };
      const said = await told({ last, trouble });
      expect(said).toMatch(/WRONG it is full: no more than 7 bytes; since .*06:00/);
      expect(said).toContain("docs/runbook.md#delivery-troubled");
    });

    it.each([
      ["nobody has looked yet", undefined, true],
      ["what is known is of another place", { place: "s3://elsewhere/", last }, true],
    ] as const)("are told to have sent nothing where %s", async (_why, state, isReachable) => {
      expect(await told(state, isReachable)).toContain(`${PLACE}: nothing has arrived yet`);
    });

    it("are not known where the site of frozen copies does not answer", async () => {
      expect(await told({ last }, false)).toContain(`nobody says what arrived at ${PLACE}`);
    });
  });
});
