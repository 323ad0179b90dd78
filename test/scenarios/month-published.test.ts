import { beforeAll, describe, expect, it } from "vitest";
import { partsOf } from "../../functions/kernel/packed-text.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import { AHEAD } from "../../lib/books/month-report.ts";
import { openMonth } from "../../lib/books/open-month.ts";
import { type EditionMail, editionOf } from "../../lib/report/edition.ts";
import { EVENTFUL, EVENTFUL_WISH, eventfulLedgers, shelvesOf } from "../fakes/eventful-fleet.ts";
import { instance } from "../fakes/fleet.ts";

interface Laid {
  readonly documents: Readonly<Record<string, string>>;
  readonly mails: readonly EditionMail[];
}

async function published(shelves: readonly Shelf[], instances = EVENTFUL.instances): Promise<Laid> {
  const open = await openMonth({ ...EVENTFUL_WISH, instances }, EVENTFUL, shelves);
  const { documents, mails } = editionOf(open, { sha256 }, EVENTFUL);
  const laid: Record<string, string> = {};
  for await (const { name, form, text } of documents) {
    laid[`${name}.${form}`] = [...partsOf(text)].join("");
  }
  return { documents: laid, mails: [...mails] };
}

const ids = EVENTFUL.instances.map(({ id }) => id);

describe("the month of a fleet as it is published", () => {
  let whole: Laid;
  beforeAll(async () => {
    whole = await published(shelvesOf(eventfulLedgers()));
  });

  // Whoever changes what a report says changes these: months that lie there were computed by them.
  it.each([
    ["json", "c4acf9dbc228786b6c259b3338d42fb931786eac71bef6d4d31b7fffdd71b301"],
    ["csv", "b0ec0d5872fd9ad44b222a5b7b06460e4fd5981aa6472832966639963b7d52bf"],
  ])("is the same bytes as ever, %s", (form, sum) => {
    const texts = [...ids, "index"].map((name) => whole.documents[`${name}.${form}`] ?? "");
    expect(sha256(texts)).toBe(sum);
  });

  it("has in the fleet's JSON what each instance's says, and the evidence of all", () => {
    const jsonOf = (name: string) => JSON.parse(whole.documents[`${name}.json`] ?? "");
    const { instances, evidence } = jsonOf("index");
    expect(instances).toEqual(ids.map((id) => jsonOf(id).instances[0]));
    expect(evidence.unreadable).toEqual([
      ...["annotations/elm-2/x/20261016.json", "maintenance/m-torn.json"],
      ...Array.from({ length: 2 }, () => "rounds/2026-10-07/120000000-s00.json.gz"),
      ...Array.from({ length: 2 }, () => "rounds/2026-10-07/120000000-s01.json.gz"),
      "tickets/elm-2/HD-9.json",
    ]);
    expect(jsonOf("elm-2").evidence.unreadable).toEqual(evidence.unreadable);
    expect(jsonOf("pear-0").evidence.unreadable).toEqual(evidence.unreadable.slice(1, -1));
  });

  it("has a page that names the SHA-256 of that JSON", () => {
    for (const name of [...ids, "index"]) {
      const sum = sha256(whole.documents[`${name}.json`] ?? "");
      expect(whole.documents[`${name}.html`]).toContain(sum);
    }
  });

  it("says of an instance what it says of that one alone", async () => {
    for (const each of EVENTFUL.instances) {
      const alone = await published(shelvesOf(eventfulLedgers()), [each]);
      for (const form of ["json", "csv", "html"]) {
        expect(alone.documents[`${each.id}.${form}`]).toBe(whole.documents[`${each.id}.${form}`]);
      }
    }
  });

  it("is told to each contact once, in the order of the fleet", () => {
    const told = whole.mails.map(({ to }) => to);
    expect(told).toEqual(EVENTFUL.instances.flatMap(({ contacts }) => contacts));
  });
});

describe("a large fleet", () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    instance(`oak-${index}`, { plan: "mintsys" }),
  );

  it("is read an instance after the other: few are ahead of the one whose page is taken", async () => {
    const begun = new Set<string>();
    const shelves = shelvesOf(eventfulLedgers()).map((shelf) => ({
      read: <T>(key: string) => shelf.read<T>(key),
      text: (key: string) => shelf.text(key),
      list(prefix: string) {
        const [, id] = /^incidents\/([^/]+)\//.exec(prefix) ?? [];
        if (id) begun.add(id);
        return shelf.list(prefix);
      },
    }));
    const open = await openMonth({ ...EVENTFUL_WISH, instances: many }, EVENTFUL, shelves);
    let taken = 0;
    for await (const { form } of editionOf(open, { sha256 }, EVENTFUL).documents) {
      if (form === "html") taken += 1;
      expect(begun.size - taken).toBeLessThanOrEqual(AHEAD);
    }
    expect(begun.size).toBe(many.length);
  });

  it("reads what instances share once, however many they are", async () => {
    const ledgers = eventfulLedgers();
    const asked: string[] = [];
    const counted = shelvesOf(ledgers).map((shelf, index) => ({
      list: (prefix: string) => shelf.list(prefix),
      read<T>(key: string) {
        asked.push(`${index} ${key}`);
        return shelf.read<T>(key);
      },
      text(key: string) {
        asked.push(`${index} ${key}`);
        return shelf.text(key);
      },
    }));
    await published(counted, [...EVENTFUL.instances, ...many]);
    const shared = asked.filter((each) => /^\d (days|seals|backups)\//.test(each));
    expect(shared.length).toBeGreaterThan(200);
    expect(new Set(shared).size).toBe(shared.length);
  });
});
