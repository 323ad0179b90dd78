import { expect, it } from "vitest";
import { EventClock } from "../../bench/adopt/event-clock.ts";

it("lets who waits side by side wait at once, in the order of their instants", async () => {
  const clock = new EventClock("2026-11-23T08:00:00.000Z");
  const seen: string[] = [];
  const walker = async (name: string, seconds: number, times: number) => {
    for (let time = 0; time < times; time += 1) {
      await clock.wait(seconds);
      seen.push(`${name} ${clock.now().toISOString().slice(11, 19)}`);
    }
  };
  await Promise.all([walker("slow", 50, 2), walker("quick", 30, 3)]);
  expect(seen).toEqual([
    ...["quick 08:00:30", "slow 08:00:50", "quick 08:01:00", "quick 08:01:30"],
    "slow 08:01:40",
  ]);
});
