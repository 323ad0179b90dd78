import { describe, expect, it } from "vitest";
import { partsOf, type Text } from "../../../functions/kernel/packed-text.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import { publish } from "../../../functions/report/publish.ts";
import { sha256 } from "../../../functions/report/sha256.ts";
import { figuresOf } from "../../../lib/books/month-report.ts";
import { openMonth } from "../../../lib/books/open-month.ts";
import { verifyLines } from "../../../lib/operator/verify-lines.ts";
import { verifyPublished } from "../../../lib/operator/verify-published.ts";
import { editionOf } from "../../../lib/report/edition.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { fleetOf, instance, inUtc } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const MONTH = "2026-10";
const PLAN = { ...cloudpepperHigh, support: undefined } as unknown as Plan;
const FLEET = inUtc(fleetOf([instance("acme"), instance("birch")], PLAN));
const JSON_KEY = keys.report(MONTH, "acme", "json");
const CSV_KEY = keys.report(MONTH, "acme", "csv");
const HTML_KEY = keys.report(MONTH, "acme", "html");
const INDEX_HTML = keys.report(MONTH, "index", "html");
const INDEX_JSON = keys.report(MONTH, "index", "json");
const INDEX_CSV = keys.report(MONTH, "index", "csv");
const MARK = keys.published(MONTH);

/** Ten minutes of October of which the last is down, published. */
async function world() {
  const ledger = new MemoryLedger("eu-west-1");
  for (let minute = 0; minute < 10; minute += 1) {
    const slot = `2026-10-05T10:0${minute}:00.000Z`;
    const [verdict, votes] = minute === 9 ? ["down", { a: "bad" }] : ["up", { a: "good" }];
    const looks = [
      { slot, instances: { acme: { epoch: 1, verdict, votes, database: "unknown" } } },
    ];
    ledger.put(keys.round(slot, "s00"), { shard: "s00", site: "x", scheduledTime: slot, looks });
  }
  const files = new Map<string, string>();
  const library = {
    create: async (key: string, text: Text) =>
      !files.has(key) && !!files.set(key, [...partsOf(text)].join("")),
    text: async (key: string) => files.get(key),
    sha256: async (key: string) => sha256(files.get(key) ?? ""),
  };
  const clock = new FakeClock("2026-11-01T06:40:00Z");
  const now = () => clock.now().getTime();
  const { instances } = FLEET;
  const wish = { month: MONTH, instances, now };
  const settle = async () => figuresOf(await openMonth(wish, FLEET, [ledger]));
  const issue = async () => editionOf(await openMonth(wish, FLEET, [ledger]), { sha256 }, FLEET);
  await publish(MONTH, { ledger, library, clock, post: undefined }, issue);
  const shelf = {
    read: ledger.read.bind(ledger),
    text: async (key: string) => files.get(key) ?? ledger.text(key),
    list: async (prefix: string) => [
      ...(await ledger.list(prefix)),
      ...[...files.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key, tag: "" })),
    ],
  };
  const look = () => verifyPublished({ name: "eu-west-1", shelf }, MONTH, settle);
  return { ledger, files, shelf, settle, look };
}
type World = Awaited<ReturnType<typeof world>>;

/** As whoever owns the ledger can: the document, and the list that names it. */
function rewritten(
  { files, ledger }: World,
  change: (text: string) => string,
  key = JSON_KEY,
): void {
  const text = change(files.get(key) ?? "");
  files.set(key, text);
  const published = ledger.peek<{ documents: object }>(MARK);
  ledger.put(MARK, { ...published, documents: { ...published?.documents, [key]: sha256(text) } });
}

/** With the page that names its SHA-256. */
function rewrittenWithPage(of: World, change: (text: string) => string): void {
  const before = sha256(of.files.get(JSON_KEY) ?? "");
  rewritten(of, change);
  const after = sha256(of.files.get(JSON_KEY) ?? "");
  rewritten(of, (text) => text.replaceAll(before, after), HTML_KEY);
}

describe("a published month", () => {
  it("is what was published, and follows from the evidence", async () => {
    const found = await (await world()).look();
    expect(found).toEqual({ name: "eu-west-1", documents: 9, unsettled: [], findings: [] });
    const lines = verifyLines(MONTH, [], found ? [found] : []);
    expect(lines[0]).toBe("published  9 documents looked at in eu-west-1");
  });

  it("is nothing where nothing was published", async () => {
    const { files, ledger, look } = await world();
    files.clear();
    ledger.remove(MARK);
    expect(await look()).toBeUndefined();
  });

  it.each<[string, (world: World) => void, string, RegExp]>([
    [
      "a document that was changed",
      ({ files }) => files.set(CSV_KEY, "month\r\n"),
      CSV_KEY,
      /^was changed after it was published/,
    ],
    [
      "one that was taken away",
      ({ files }) => files.delete(CSV_KEY),
      CSV_KEY,
      /^was taken away after it was published/,
    ],
    [
      "one that came afterwards",
      ({ files }) => files.set(keys.report(MONTH, "cedar", "html"), "<p>held</p>"),
      keys.report(MONTH, "cedar", "html"),
      /^came after the month was published/,
    ],
    [
      "a figure that was changed, and the list with it",
      (of) => rewrittenWithPage(of, (text) => text.replaceAll("90.000000", "99.900000")),
      JSON_KEY,
      /^does not follow from the evidence .*: availability, withoutExclusions$/,
    ],
    [
      "a credit that was taken out, and the list of documents with it",
      (of) => {
        rewrittenWithPage(of, (text) => text.replace(/"credit":\{[^}]*\}/, '"credit":null'));
        of.ledger.remove(MARK);
      },
      JSON_KEY,
      /: credit$/,
    ],
    [
      "a table that was changed, and the list with it",
      (of) => rewritten(of, (text) => text.replaceAll("90.000000", "99.900000"), CSV_KEY),
      CSV_KEY,
      /^does not follow .*: availability, availabilityWithoutExclusions$/,
    ],
    [
      "a row of the fleet's table that was changed, and the list with it",
      (of) => rewritten(of, (text) => text.replaceAll("90.000000", "99.900000"), INDEX_CSV),
      INDEX_CSV,
      /^does not follow .*: acme \(availability, availabilityWithoutExclusions\)$/,
    ],
    [
      "a row that was taken out of it, and the list with it",
      (of) => rewritten(of, (text) => text.replace(/^2026-10,UTC,acme.*\r\n/m, ""), INDEX_CSV),
      INDEX_CSV,
      /^does not follow .*: acme \(plan, minutes, .*\)$/,
    ],
    [
      "a page that shows another figure, and the list with it",
      (of) => rewritten(of, (text) => text.replaceAll("90.000000", "99.900000"), HTML_KEY),
      HTML_KEY,
      /^does not follow .*: availability$/,
    ],
    [
      "a page of the fleet that shows another figure, and the list with it",
      (of) => rewritten(of, (text) => text.replaceAll("90.000000", "99.900000"), INDEX_HTML),
      INDEX_HTML,
      /^does not follow .*: acme \(availability\)$/,
    ],
    [
      "a page of another record than the one beside it",
      (of) => rewritten(of, (text) => text.replace(/[0-9a-f]{64}/g, "0".repeat(64)), HTML_KEY),
      HTML_KEY,
      /^does not name the SHA-256 of reports\/2026-10\/acme\.json$/,
    ],
    [
      "a list that nobody can read",
      ({ ledger }) => ledger.put(MARK, "torn"),
      MARK,
      /nobody can read/,
    ],
  ])("is not with %s", async (_what, change, key, what) => {
    const of = await world();
    change(of);
    const found = await of.look();
    expect(found?.findings).toEqual([{ key, what: expect.stringMatching(what) }]);
  });

  it("is not with a record of the fleet that was changed, its page and the list with it", async () => {
    const of = await world();
    const before = sha256(of.files.get(INDEX_JSON) ?? "");
    rewritten(of, (text) => text.replaceAll("90.000000", "99.900000"), INDEX_JSON);
    const after = sha256(of.files.get(INDEX_JSON) ?? "");
    rewritten(of, (text) => text.replaceAll(before, after), INDEX_HTML);
    const what = expect.stringMatching(/: acme \(availability, withoutExclusions\)$/);
    expect((await of.look())?.findings).toEqual([{ key: INDEX_JSON, what }]);
  });

  it("is none of figures that followed from what was changed since", async () => {
    const of = await world();
    of.ledger.remove(keys.round("2026-10-05T10:09:00.000Z", "s00"));
    const found = await of.look();
    expect(found?.findings.map(({ key }) => key)).toEqual([
      ...[CSV_KEY, HTML_KEY, JSON_KEY, INDEX_CSV, INDEX_HTML, INDEX_JSON],
    ]);
    expect(found?.findings[2]?.what).toMatch(/: minutes, availability, held/);
  });

  it("says of whom the fleet file knows nothing any more", async () => {
    const { shelf, settle } = await world();
    const others = async () => (await settle()).filter(({ instance: id }) => id !== "acme");
    const found = await verifyPublished({ name: "eu-west-1", shelf }, MONTH, others);
    expect(found).toMatchObject({ unsettled: ["acme"], findings: [] });
    expect(verifyLines(MONTH, [], found ? [found] : [])[1]).toBe(
      "  · not in the fleet file, so held against no evidence: acme",
    );
  });
});
