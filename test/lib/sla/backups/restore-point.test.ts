import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { type Reachable, restorePoint } from "../../../../lib/sla/backups/restore-point.ts";

const HOME = "eu-central-2";
const PRIMARY = { region: HOME, database: "acme-db" };
const ROLES = { instance: "acme", primary: PRIMARY };

const backup = (takenMs: number, more: Partial<Shelved> = {}): Shelved => ({
  ...{ id: `b${takenMs}`, region: "eu-west-1", instance: "acme", schedules: ["daily"] },
  ...{ takenMs, tickMs: takenMs, epoch: 1, state: "available", database: "acme-db" },
  ...{ isCopy: true, isTimed: true, isHeld: false },
  ...more,
});
const logs = (earliestMs: number, latestMs: number, database = "acme-db"): Reachable => ({
  ...{ region: HOME, database, earliestMs, latestMs },
});
const PROVEN = { verifiedMs: 90, testedMs: 89 };
const FAILED = { refutedMs: 90 };

function found(
  backups: readonly Shelved[],
  windows: readonly Reachable[] = [],
  untilMs?: number,
  roles: Parameters<typeof restorePoint>[1] = ROLES,
) {
  const point = restorePoint({ backups, logs: windows }, roles, untilMs);
  return point && [point.from, point.atMs];
}

describe("what a region brings an instance back from", () => {
  it.each<[string, ReturnType<typeof found>, unknown]>([
    ["nothing where nothing is", found([]), undefined],
    ["its newest backup", found([backup(5), backup(7), backup(6)]), ["backup", 7]],
    ["logs that reach further", found([backup(5)], [logs(1, 6)]), ["logs", 6]],
    ["a backup where logs reach no further", found([backup(6)], [logs(1, 6)]), ["backup", 6]],
    ["the very instant, of logs", found([backup(5)], [logs(1, 9)], 7), ["logs", 7]],
    [
      "a backup of before where logs begin later",
      found([backup(5)], [logs(8, 9)], 7),
      ["backup", 5],
    ],
    ["nothing where all is younger", found([backup(8)], [logs(8, 9)], 7), undefined],
    ["no backup that is still being made", found([backup(8, { state: "making" })]), undefined],
    ["nothing of another instance", found([backup(8, { instance: "dale" })]), undefined],
    ["no logs of another database", found([], [logs(1, 9, "dale-db")]), undefined],
    [
      "an older backup rather than one whose restore failed",
      found([backup(5), backup(8, FAILED)]),
      ["backup", 5],
    ],
    [
      "one whose restore failed once, and not since",
      found([backup(5), backup(8, { ...FAILED, verifiedMs: 95 })]),
      ["backup", 8],
    ],
    [
      "one whose restore failed where nothing else is left",
      found([backup(8, FAILED)]),
      ["backup", 8],
    ],
  ])("is %s", (_, point, wanted) => {
    expect(point).toEqual(wanted);
  });

  it("is of two alike the proven one", () => {
    const two = [backup(5), backup(5, { id: "proven", ...PROVEN })];
    const point = restorePoint({ backups: two, logs: [] }, ROLES);
    expect(point).toMatchObject({ backup: { id: "proven" } });
  });

  it("is nothing that an old primary has got since its time was over", () => {
    const roles = { ...ROLES, promotedAt: new Date(6).toISOString() };
    const old = (takenMs: number) => backup(takenMs, { database: "acme-db-old" });
    expect(found([old(5), old(7)], [], undefined, roles)).toEqual(["backup", 5]);
    expect(found([old(5), backup(7)], [], undefined, roles)).toEqual(["backup", 7]);
  });

  it("is nothing that holds a mistake which was undone, unless its very time is asked for", () => {
    const instant = (ms: number) => new Date(ms).toISOString();
    const roles = { ...ROLES, rewoundTo: instant(4), promotedAt: instant(6) };
    const all = [backup(3), backup(5)];
    expect(found(all, [], undefined, roles)).toEqual(["backup", 3]);
    expect(found(all, [], 5, roles)).toEqual(["backup", 5]);
    expect(found([...all, backup(7)], [], undefined, roles)).toEqual(["backup", 7]);
  });

  it("is never younger than asked for, and nothing that was believed is nearer", () => {
    const ms = fc.integer({ min: 0, max: 20 });
    const taken = fc.array(ms, { maxLength: 6 });
    const spans = fc.array(fc.tuple(ms, ms), { maxLength: 4 });
    fc.assert(
      fc.property(taken, spans, ms, (instants, windows, untilMs) => {
        const reached = windows.map(([one, other]) =>
          logs(Math.min(one, other), Math.max(one, other)),
        );
        const point = found(
          instants.map((at) => backup(at)),
          reached,
          untilMs,
        );
        const best = [
          ...instants.filter((at) => at <= untilMs),
          ...reached
            .filter(({ earliestMs }) => earliestMs <= untilMs)
            .map(({ latestMs }) => Math.min(latestMs, untilMs)),
        ];
        expect(point?.[1]).toBe(best.length === 0 ? undefined : Math.max(...best));
      }),
    );
  });
});
