import { expect, it, test } from "vitest";
import { catchesOf } from "../../../../lib/operator/game-day/catches.ts";
import {
  catchLines,
  leftLines,
  planLines,
  recordLines,
} from "../../../../lib/operator/game-day/lines.ts";
import type { GameDayRecord } from "../../../../lib/operator/game-day/record.ts";
import { Hall } from "../../../fakes/game-day.ts";
import { HOME } from "../../../fakes/operator-access.ts";

const RECORD: GameDayRecord = {
  ...{ instance: "acme", id: "gd-acme-20261121100045000", at: "2026-11-21T10:00:45.000Z" },
  ...{ by: "arn:aws:iam::111111111111:user/ops", reason: "to learn", epoch: 1, owner: HOME },
  ...{ seat: { region: HOME, database: "acme-db" }, groups: ["sg-2"], group: "sg-2g", known: [] },
  ...{ until: "2026-11-21T10:30:45.000Z", endedAt: "2026-11-21T10:09:00.000Z", ok: true },
  ...{ outcome: "recovered", cutAt: "2026-11-21T10:00:46.000Z", rtoSeconds: 480, pace: 1 },
  client: { looks: 500, bad: 420 },
  measured: { rtoSeconds: 431, rpoSeconds: 12 },
  promised: { rtoSeconds: 1800, rpoSeconds: 300 },
};
const wide = (lines: readonly string[]) =>
  lines.filter((line) => line.length > 80 && !/^ +(npx|aws) /.test(line));

it("says what happens to whom, and all that has to hold, within a screen", async () => {
  const hall = new Hall();
  hall.tags.delete(HOME);
  const look = await hall.look();
  const lines = [...planLines(look), ...catchLines(catchesOf(look))];
  expect(wide(lines)).toEqual([]);
  const text = lines.join("\n").replaceAll(/\s+/g, " ");
  expect(text).toContain("acme-db in eu-central-2: from sg-2 into sg-2g, then a reboot");
  expect(text).toContain("acme-db-standby in eu-central-1");
  expect(text).toContain("it@acme.example.ch, the provider");
  expect(text).toContain("after 30m if nobody was promoted");
  expect(text).toContain("✗ both databases allow it, by their tag: acme-db has no such tag");
});

test.each([
  [
    "recovered",
    RECORD,
    /OK: game day of acme[\s\S]*8m from the cut[\s\S]*allowed 30m[\s\S]*--planned/,
  ],
  [
    "called off",
    { ...RECORD, outcome: "called-off", ok: false, because: "a person called it off" },
    /NOT OK[\s\S]*called-off: a person called it off[\s\S]*acme-db serves as before/,
  ],
  ["unserved", { ...RECORD, outcome: "unserved", ok: false }, /NOT OK[\s\S]*--give-back/],
] satisfies [string, GameDayRecord, RegExp][])(
  "of one that is %s it says what is next, in whole commands",
  (_, record, words) => {
    const lines = recordLines(record);
    expect(wide(lines)).toEqual([]);
    expect(lines.join("\n")).toMatch(words);
  },
);

it("says what remains where nobody looks on any longer", () => {
  expect(leftLines(RECORD).at(-1)).toBe("  npx sla drill --aws --instance acme --give-back");
});
