import { describe, expect, it } from "vitest";
import { partsOf, type Text } from "../../functions/kernel/packed-text.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { DayRollUp, Published, Seal, SealName } from "../../functions/report/contract.ts";
import { daysFrom } from "../../functions/report/days.ts";
import { isPart } from "../../functions/report/is-part.ts";
import { publish } from "../../functions/report/publish.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import { figuresOf } from "../../lib/books/month-report.ts";
import { openMonth } from "../../lib/books/open-month.ts";
import { verifyPublished } from "../../lib/operator/verify-published.ts";
import { editionOf } from "../../lib/report/edition.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { FakeClock } from "../fakes/clock.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";

const MONTH = "2026-10";
const EAST = "Pacific/Auckland";
const WEST = "Pacific/Honolulu";
const FLEET = fleetOf([
  instance("east", { timezone: EAST }),
  instance("home"),
  instance("west", { timezone: WEST }),
]);
const IDS = FLEET.instances.map(({ id }) => id);

/** Days of UTC on which all were up, but for twelve minutes from 11:30 on, each sealed with the zones that are named. */
function sealDays(
  ledger: MemoryLedger,
  days: readonly string[],
  zones: Readonly<Record<string, string>>,
): void {
  const put = (key: string, value: unknown) => {
    ledger.put(key, value);
    return sha256(JSON.stringify(value));
  };
  let previous: SealName | null = null;
  for (const day of days) {
    const rollUp: DayRollUp = {
      ...{ day, site: "eu-west-1", shard: "s00", records: [] },
      evidence: { rounds: 1440, unreadable: [], misplaced: [], fromTheFuture: [] },
      instances: Object.fromEntries(
        IDS.map((id) => [
          id,
          { everySeconds: 60, minutes: "690u12d738u", timezone: zones[id] ?? "Europe/Zurich" },
        ]),
      ),
    };
    const rollUps = { s00: put(keys.day(day, "s00"), rollUp) };
    const seal: Seal = { day, site: "eu-west-1", rollUps, statements: null, previous };
    previous = { day, sha256: put(keys.daySeal(day), seal) };
  }
}

function world(zones: Readonly<Record<string, string>> = { east: EAST, west: WEST }) {
  const ledger = new MemoryLedger("eu-west-1");
  sealDays(ledger, daysFrom("2026-09-01", "2026-11-01"), zones);
  const files = new Map<string, string>();
  const library = {
    create: async (key: string, text: Text) =>
      !files.has(key) && !!files.set(key, [...partsOf(text)].join("")),
    text: async (key: string) => files.get(key),
    sha256: async (key: string) => sha256(files.get(key) ?? ""),
  };
  const mailed: string[] = [];
  const post = async ({ instance: id }: { readonly instance: string }) => void mailed.push(id);
  const clock = new FakeClock("2026-11-01T00:40:00Z");
  const opened = (through?: string, fleet: Fleet = FLEET, ids = IDS, month = MONTH) => {
    const instances = fleet.instances.filter(({ id }) => ids.includes(id));
    const now = () => Date.parse("2026-11-02T06:40:00Z");
    const wish = { month, instances, now, ...(through !== undefined && { through }) };
    return openMonth(wish, fleet, [ledger]);
  };
  const issue = (through: string) =>
    publish(MONTH, { ledger, library, clock, post }, async () => {
      const open = await opened(through);
      const edition = editionOf(open, { sha256, isPart: isPart(open) }, FLEET);
      return isPart(open) ? { ...edition, through } : edition;
    });
  return { ledger, files, mailed, opened, issue };
}

const named = (files: ReadonlyMap<string, string>) =>
  [...files.keys()].map((key) => key.slice(`reports/${MONTH}/`.length)).toSorted();

describe("a fleet with several zones", () => {
  it("publishes each month once it is over there, and all of it with the last", async () => {
    const { files, mailed, issue, ledger } = world();
    expect(await issue("2026-10-31")).toMatchObject({ state: "as far as it is over" });
    const first = new Map(files);
    expect(named(first)).toEqual(
      ["east", "home"].flatMap((id) => [`${id}.csv`, `${id}.html`, `${id}.json`]),
    );
    expect(ledger.peek(keys.published(MONTH))).toBeUndefined();
    expect(await issue("2026-10-31")).toMatchObject({ state: "as far as it is over", mails: 0 });
    expect(await issue("2026-11-01")).toMatchObject({ state: "published", mails: 1, stood: [] });
    expect(named(files)).toHaveLength(12);
    for (const [key, text] of first) expect(files.get(key)).toBe(text);
    expect(mailed).toEqual(IDS);
    const mark = ledger.peek<Published>(keys.published(MONTH));
    expect(Object.keys(mark?.documents ?? {})).toHaveLength(12);
  });

  it("waits while it is over for nobody", async () => {
    const { opened } = world();
    const open = await opened("2026-10-31", FLEET, ["west"]);
    expect(() => isPart(open)).toThrow("2026-10 ends with 2026-11-01 of UTC, which is not sealed");
  });

  it("holds what was published first against what lies there later", async () => {
    const { files, issue, ledger } = world();
    await issue("2026-10-31");
    const key = keys.report(MONTH, "east", "json");
    const sum = sha256(files.get(key) ?? "");
    files.set(key, "{}");
    expect(await issue("2026-11-01")).toMatchObject({ stood: [key] });
    expect(ledger.peek<Published>(keys.published(MONTH))?.documents[key]).toBe(sum);
  });

  it("counts each month by its own clocks, and says so of each", async () => {
    const { files, issue } = world();
    await issue("2026-11-01");
    const { timezone, instances } = JSON.parse(
      files.get(keys.report(MONTH, "index", "json")) ?? "",
    );
    expect(timezone).toBe("Europe/Zurich");
    const told = (instances as { instance: string; timezone: string; service: object }[]).map(
      ({ instance: id, timezone: zone, service }) => [id, zone, ...Object.values(service)],
    );
    expect(told).toEqual([
      ["east", EAST, "2026-09-30T11:00:00.000Z", "2026-10-31T11:00:00.000Z"],
      ["home", "Europe/Zurich", "2026-09-30T22:00:00.000Z", "2026-10-31T23:00:00.000Z"],
      ["west", WEST, "2026-10-01T10:00:00.000Z", "2026-11-01T10:00:00.000Z"],
    ]);
    const rows = files
      .get(keys.report(MONTH, "index", "csv"))
      ?.split("\r\n")
      .slice(1, 4);
    expect(rows?.map((row) => row.split(",").slice(1, 3))).toEqual([
      ...[
        [EAST, "east"],
        ["Europe/Zurich", "home"],
        [WEST, "west"],
      ],
    ]);
    expect(files.get(keys.report(MONTH, "index", "html"))).toContain(EAST);
    expect(files.get(keys.report(MONTH, "west", "html"))).toContain(WEST);
  });

  it("says of an instance what it says of that one alone", async () => {
    const { files, issue, opened } = world();
    await issue("2026-11-01");
    for (const id of IDS) {
      const open = await opened(undefined, FLEET, [id]);
      for await (const { name, form, text } of editionOf(open, { sha256 }, FLEET).documents) {
        const key = keys.report(MONTH, name, form);
        if (name === id) expect([...partsOf(text)].join("")).toBe(files.get(key));
      }
    }
  });

  it("goes by what was sealed, whatever the fleet file says since", async () => {
    const { files, issue, opened, ledger } = world();
    await issue("2026-11-01");
    const moved = {
      ...FLEET,
      instances: FLEET.instances.map((each) => ({ ...each, timezone: "Asia/Tokyo" })),
    };
    const settle = async () => figuresOf(await opened(undefined, moved));
    const shelf = {
      read: ledger.read.bind(ledger),
      text: async (key: string) => files.get(key) ?? ledger.text(key),
      list: async (prefix: string) =>
        [...files.keys(), ...ledger.keys(prefix)]
          .filter((key) => key.startsWith(prefix))
          .map((key) => ({ key, tag: "" })),
    };
    const found = await verifyPublished({ name: "eu-west-1", shelf }, MONTH, settle);
    expect(found).toMatchObject({ documents: 12, unsettled: [], findings: [] });
  });

  it("loses no minute and counts none twice where clocks were changed", async () => {
    const { opened, ledger } = world();
    sealDays(ledger, daysFrom("2026-10-01", "2026-11-01"), { east: WEST, west: EAST });
    const months = await Promise.all(
      ["2026-09", "2026-10"].map(async (month) => {
        const { instances } = await opened(undefined, FLEET, IDS, month);
        return new Map(instances.map(({ instance: { id }, span }) => [id, span]));
      }),
    );
    for (const id of IDS) {
      expect(months[1]?.get(id)?.fromMs).toBe(months[0]?.get(id)?.toMs);
    }
    expect(new Date(months[1]?.get("east")?.fromMs ?? 0).toISOString()).toBe(
      "2026-09-30T11:00:00.000Z",
    );
  });
});
