import { describe, expect, it } from "vitest";
import { digestsOf } from "../../../functions/notify/digest.ts";
import { handNotices } from "../../../lib/operator/hand-notices.ts";
import { listLines, toldLines } from "../../../lib/operator/window-lines.ts";
import {
  announce,
  cancel,
  knownWindows,
  tellAgain,
  windowIn,
} from "../../../lib/operator/windows.ts";
import type { WindowRecord } from "../../../lib/sla/books/window.ts";
import { windowsShown } from "../../../lib/sla/books/windows-shown.ts";
import { FLEET, Office } from "../../fakes/maintenance-office.ts";
import { CONTROL, HOME, NOW, STANDBY } from "../../fakes/operator-access.ts";

const SITES = [HOME, STANDBY, CONTROL];

describe("an announcement", () => {
  it("lies in every ledger before anybody has a mail, and each contact gets one", async () => {
    const office = new Office();
    const told = await announce(office, office.mails, office.plan().record);
    expect(told).toEqual({ untold: [], unmailed: 0 });
    for (const site of SITES) {
      expect(office.memory.at(site).peek("maintenance/m20261121-2200-3f9a.json")).toMatchObject({
        ...{ kind: "planned", instances: ["acme", "birch"], announcedAt: NOW },
        by: "arn:aws:iam::111111111111:user/ops",
      });
    }
    expect(office.mailed).toMatchObject([{ site: CONTROL }]);
    expect(office.kinds).toEqual(["acme maintenance-announced", "birch maintenance-announced"]);
    const notices = office.mailed.flatMap((each) => each.notices);
    expect(digestsOf(notices, FLEET).map(({ recipient }) => recipient)).toEqual([
      "ops@orchard.example",
      "it@acme.example.ch",
      "it@birch.example",
    ]);
    expect(notices[1]?.lines.join("\n")).toMatch(/2026-11-21 23:00 to .*: new disks\n.*COUNTED/);
  });

  it("goes by another site where control does not answer, and says who does not know", async () => {
    const office = new Office();
    office.memory.cutOff(CONTROL);
    office.closed.add(CONTROL);
    const told = await announce(office, office.mails, office.plan().record);
    expect(told).toEqual({ untold: [CONTROL], unmailed: 0 });
    expect(office.mailed).toMatchObject([{ site: HOME }]);
    expect(toldLines(told, "m1")).toEqual([
      "! eu-west-1 does not answer and does not know of it; later: sla maintenance tell",
      "  m1",
    ]);
    office.memory.restore(CONTROL);
    office.closed.clear();
    expect(await tellAgain(office, office.mails, await office.known())).toMatchObject({
      untold: [],
    });
    expect(office.memory.at(CONTROL).keys("maintenance/")).toHaveLength(1);
  });

  it("is none where no ledger answers", async () => {
    const office = new Office();
    for (const site of SITES) office.memory.cutOff(site);
    const announcing = announce(office, office.mails, office.plan().record);
    await expect(announcing).rejects.toThrow(/no ledger answers in .*nothing is recorded; is/);
    expect(office.mailed).toEqual([]);
  });

  it("says how many mails nobody took, a thousand at a time", async () => {
    const office = new Office();
    const notice = { kind: "maintenance-announced", incident: "m1", at: NOW, lines: [] } as const;
    const notices = Array.from({ length: 1200 }, (_, index) => ({
      ...notice,
      instance: `i${index}`,
    }));
    expect(await handNotices(office, office.mails, notices)).toBe(0);
    expect(office.mailed.map((each) => each.notices.length)).toEqual([1000, 200]);
    for (const site of SITES) office.closed.add(site);
    expect(await handNotices(office, office.mails, notices)).toBe(1200);
  });
});

describe("a cancellation", () => {
  async function announced(now: string) {
    const office = new Office();
    await announce(office, office.mails, office.plan().record);
    office.mailed.length = 0;
    office.clock.at = Date.parse(now);
    return office;
  }

  it("before it begins makes it none, and everybody hears of it", async () => {
    const office = await announced("2026-11-21T21:00:00.000Z");
    await cancel(office, office.mails, await office.known(), "no disks came");
    expect(office.kinds).toEqual(["acme maintenance-cancelled", "birch maintenance-cancelled"]);
    const { record, cancelledMs } = await office.known();
    expect(cancelledMs).toBe(Date.parse("2026-11-21T21:00:00.000Z"));
    // The announcement stays what it was.
    expect(office.memory.at(HOME).peek<WindowRecord>(`maintenance/${record.window}.json`)).toEqual({
      ...office.plan().record,
      announcedAt: NOW,
    });
    expect(office.memory.at(HOME).writes.filter((key) => key.startsWith("maint"))).toHaveLength(2);
  });

  it("in the middle ends it", async () => {
    const office = await announced("2026-11-21T22:30:00.000Z");
    await cancel(office, office.mails, await office.known(), "done early");
    expect(office.kinds).toEqual(["acme maintenance-ended", "birch maintenance-ended"]);
    const { windows } = await knownWindows(office);
    const wish = { sinceMs: 0, nowMs: Date.parse("2026-11-21T22:40:00Z") };
    expect(windowsShown(windows, wish)).toMatchObject([
      { state: "over", to: "2026-11-21T22:30:00.000Z" },
    ]);
  });

  it("is refused once it is over, or cancelled already", async () => {
    const office = await announced("2026-11-21T23:00:00.000Z");
    const late = cancel(office, office.mails, await office.known(), "late");
    await expect(late).rejects.toThrow(/is over since 2026-11-21T23:00/);
    office.clock.at = Date.parse("2026-11-21T22:10:00.000Z");
    await cancel(office, office.mails, await office.known(), "done");
    const twice = cancel(office, office.mails, await office.known(), "again");
    await expect(twice).rejects.toThrow(/was cancelled at 2026-11-21T22:10/);
  });

  it("is told to a ledger that was away, as is the window", async () => {
    const office = await announced("2026-11-21T21:00:00.000Z");
    office.memory.cutOff(HOME);
    const { untold } = await cancel(office, office.mails, await office.known(), "no disks came");
    expect(untold).toEqual([HOME]);
    office.memory.restore(HOME);
    await tellAgain(office, office.mails, await office.known());
    expect(office.memory.at(HOME).keys("maintenance/")).toHaveLength(2);
  });
});

describe("what lies in a ledger already", () => {
  it("is not written over, nor taken for one's own", async () => {
    const office = new Office();
    const { record } = office.plan();
    const key = `maintenance/${record.window}.json`;
    office.memory.at(STANDBY).put(key, { ...record, by: "arn:somebody-else" });
    const announcing = announce(office, office.mails, record);
    await expect(announcing).rejects.toThrow(/somebody else wrote it into eu-central-1 meanwhile/);
    expect(office.memory.at(STANDBY).peek(key)).toMatchObject({ by: "arn:somebody-else" });
    expect(office.mailed).toEqual([]);
  });

  it("is told again to nobody once it is over", async () => {
    const office = new Office();
    await announce(office, office.mails, office.plan().record);
    office.clock.at = Date.parse("2026-11-21T23:00:00.000Z");
    const telling = tellAgain(office, office.mails, await office.known());
    await expect(telling).rejects.toThrow(/is over since 2026-11-21T23:00:00.000Z: nobody needs/);
  });
});

describe("the list of windows", () => {
  it("says what each means by plan, and what it could not see", async () => {
    const office = new Office();
    await announce(office, office.mails, office.plan({ holdsFailovers: true }).record);
    office.memory.at(HOME).put("maintenance/torn.json", {});
    office.memory.cutOff(STANDBY);
    const known = await knownWindows(office);
    const shown = windowsShown(known.windows, { sinceMs: 0, nowMs: Date.parse(NOW) });
    const lines = listLines({ ...known, shown }, FLEET);
    expect(lines).toEqual([
      "m20261121-2200-3f9a: planned, announced",
      "  when       2026-11-21 23:00 to 2026-11-22 00:00 (Europe/Zurich), 1h",
      "  whom       acme, birch",
      "  what       new disks",
      "  announced  2026-11-21 11:00",
      "  failovers  none begins by itself while the home region answers; watched as",
      "             always",
      "  counts     mintsys: not counted as downtime (acme)",
      "  counts     cloudpepper-high: COUNTED as downtime: it is announced too late,",
      "             the plan says 24 h before (birch)",
      "! nobody can read maintenance/torn.json: it says nothing",
      "! eu-central-1 does not answer; what it knows is not here",
    ]);
  });

  it("names windows there are where one is asked for that is not", async () => {
    const office = new Office();
    await announce(office, office.mails, office.plan().record);
    const known = await knownWindows(office);
    expect(() => windowIn(known, "m1")).toThrow(/no .* window 'm1'; there are m20261121-2200-3f9a/);
  });
});
