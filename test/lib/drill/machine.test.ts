import { describe, expect, it, test } from "vitest";
import { cpuTimes, isStarved, parseCpuTimes, useBetween } from "../../../lib/drill/machine.ts";

const stat = (line: string) =>
  `${line}\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 1 1 1 1 1 1 1 1 0 0\nintr 9\n`;
const times = (line: string) => parseCpuTimes(stat(line));

describe("what a machine did meanwhile", () => {
  it("is busy with what is neither idle nor stolen nor yields, and counts no guest twice", () => {
    const before = times("cpu  100 0 50 800 50 0 0 0 40 0");
    // 100 ticks more: 40 user, 10 nice, 5 system, 20 idle, 5 waiting, 5 irq, 3 softirq, 12 stolen.
    const after = times("cpu  140 10 55 820 55 5 3 12 60 9");
    expect(useBetween(before, after)).toEqual({ cores: 2, busyPercent: 53, stolenPercent: 12 });
  });

  it("is not known without two looks, or where no time has passed", () => {
    const look = times("cpu  100 0 50 800 50 0 0 0 0 0");
    expect(useBetween(undefined, look)).toBeNull();
    expect(useBetween(look, undefined)).toBeNull();
    expect(useBetween(look, look)).toBeNull();
  });

  it.each(["", "cpu  1 2 3", "cpu  1 2 3 x 5 6 7 8"])("is not read from %j", (text) => {
    expect(parseCpuTimes(text)).toBeUndefined();
  });

  it("is read from the system, and nowhere else", async () => {
    expect(await cpuTimes("/proc/none")).toBeUndefined();
    const now = await cpuTimes();
    if (process.platform === "linux") expect(now?.total).toBeGreaterThan(0);
    else expect(now).toBeUndefined();
  });
});

test.each([
  [{ busyPercent: 60, stolenPercent: 9 }, false],
  [{ busyPercent: 10, stolenPercent: 10 }, true],
  [{ busyPercent: 85, stolenPercent: 5 }, true],
  [{ busyPercent: 89, stolenPercent: 0 }, false],
])("%o is starved: %s", (use, expected) => {
  expect(isStarved({ cores: 2, ...use })).toBe(expected);
});
