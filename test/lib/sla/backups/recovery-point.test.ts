import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Reach,
  type Restorable,
  recoveryPoint,
} from "../../../../lib/sla/backups/recovery-point.ts";

const [HOME, AWAY, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const backup = (region: string, takenMs: number, isProven = false): Restorable => ({
  ...{ id: `b${takenMs}`, region, takenMs, isProven },
});
const logs = (region: string, latestMs: number): Reach => ({ region, latestMs });
const point = (backups: readonly Restorable[], reaches: readonly Reach[] = []) =>
  recoveryPoint(backups, reaches, HOME);

it.each([
  ["nothing elsewhere", [backup(HOME, 9)], [logs(HOME, 9)], undefined],
  [
    "the newest that lies elsewhere",
    [backup(HOME, 9), backup(AWAY, 5), backup(FAR, 7)],
    [],
    [FAR, 7],
  ],
  ["the proven one of two alike", [backup(AWAY, 5), backup(FAR, 5, true)], [], [FAR, 5]],
  ["a newer one before a proven one", [backup(AWAY, 6), backup(FAR, 5, true)], [], [AWAY, 6]],
  ["logs that reach further", [backup(AWAY, 5)], [logs(FAR, 6)], [FAR, 6]],
  ["a backup where logs reach no further", [backup(AWAY, 5)], [logs(FAR, 5)], [AWAY, 5]],
  ["logs alone", [], [logs(AWAY, 1), logs(FAR, 2)], [FAR, 2]],
])("what comes back is %s", (_, backups, reaches, found) => {
  const there = point(backups, reaches);
  expect(there && [there.region, there.atMs]).toEqual(found);
});

it("nothing newer than what comes back lies outside the lost region, whatever there is", () => {
  const region = fc.constantFrom(HOME, AWAY, FAR);
  const ms = fc.integer({ min: 0, max: 20 });
  const some = fc.array(fc.tuple(region, ms, fc.boolean()), { maxLength: 8 });
  fc.assert(
    fc.property(some, some, (taken, shipped) => {
      const backups = taken.map((each) => backup(...each));
      const reaches = shipped.map(([place, latest]) => logs(place, latest));
      const there = point(backups, reaches);
      const others = [...taken, ...shipped].filter(([place]) => place !== HOME).map(([, at]) => at);
      expect(there?.atMs).toBe(others.length === 0 ? undefined : Math.max(...others));
      expect(there?.region).not.toBe(HOME);
    }),
  );
});
