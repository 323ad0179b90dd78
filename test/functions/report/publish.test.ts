import { describe, expect, it } from "vitest";
import { partsOf, type Text } from "../../../functions/kernel/packed-text.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Published } from "../../../functions/report/contract.ts";
import type { ReportMail } from "../../../functions/report/ports.ts";
import { allPublished, type Issue, publish } from "../../../functions/report/publish.ts";
import { sealedShelves } from "../../../functions/report/sealed-shelves.ts";
import { sha256 } from "../../../functions/report/sha256.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { MemoryLedger, MemoryLedgers } from "../../fakes/ledger.ts";

const MONTH = "2026-10";
const mail = (to: string) => ({
  ...{ instance: "acme", to, subject: "October", text: "held", html: "<p>held</p>" },
  file: "acme-2026-10.html",
});
const ISSUE = {
  documents: [
    { name: "acme", form: "json", text: "{}\n" },
    { name: "acme", form: "html", text: "<h1>October</h1>" },
    { name: "index", form: "csv", text: ["month", "\r\n"] },
  ],
  mails: [mail("it@acme.example"), mail("boss@acme.example")],
} as const satisfies Issue;

function world(refuse: (to: string) => boolean = () => false) {
  const ledger = new MemoryLedger("eu-west-1");
  const laid = new Map<string, { text: string; type: string }>();
  const posted: string[] = [];
  const attached: string[] = [];
  const refused = { by: refuse };
  const ports = {
    ledger,
    clock: new FakeClock("2026-11-01T06:40:00Z"),
    library: {
      async create(key: string, text: Text, type: string) {
        if (laid.has(key)) return false;
        laid.set(key, { text: [...partsOf(text)].join(""), type });
        return true;
      },
      text: async (key: string) => laid.get(key)?.text,
      async sha256(key: string) {
        const there = laid.get(key);
        return there && sha256(there.text);
      },
    },
    async post({ to, attached: page }: ReportMail) {
      if (refused.by(to)) throw new Error(`${to} is refused`);
      posted.push(to);
      attached.push(page.text);
    },
  };
  const issue = (of: Issue = ISSUE) => publish(MONTH, ports, async () => of);
  return { ledger, laid, posted, attached, ports, refused, issue };
}

describe("a month that is over", () => {
  it("is published once: documents as browsers open them, then a mail for each contact", async () => {
    const { ledger, laid, posted, issue } = world();
    expect(await issue()).toEqual({
      ...{ month: MONTH, state: "published", mails: 2, failures: [], stood: [] },
    });
    expect(laid.get("reports/2026-10/acme.html")).toEqual({
      ...{ text: "<h1>October</h1>", type: "text/html; charset=utf-8" },
    });
    expect([...laid.keys()]).toHaveLength(3);
    expect(posted).toEqual(["it@acme.example", "boss@acme.example"]);
    const published = ledger.peek<Published>(keys.published(MONTH));
    expect(published?.documents["reports/2026-10/index.csv"]).toBe(sha256("month\r\n"));
    expect(await issue()).toMatchObject({ state: "published before", mails: 0 });
    expect(posted).toHaveLength(2);
  });

  it("is composed only if it was not published before", async () => {
    const { ports, issue } = world();
    await issue();
    const again = publish(MONTH, ports, () => expect.unreachable());
    expect(await again).toMatchObject({ state: "published before" });
  });

  it("is not published while a mail has not left, and nobody has two of it afterwards", async () => {
    const { ledger, posted, refused, issue } = world((to) => to.startsWith("boss"));
    const report = await issue();
    expect(report).toMatchObject({ state: "not all of it", mails: 1 });
    expect(() => allPublished(report)).toThrow(/boss@acme\.example is refused/);
    expect(ledger.peek(keys.published(MONTH))).toBeUndefined();
    refused.by = () => false;
    expect(await issue()).toMatchObject({ state: "published", mails: 1 });
    expect(posted).toEqual(["it@acme.example", "boss@acme.example"]);
  });

  it("stays as it was laid down, in mails as well, and says what would be another now", async () => {
    const { laid, issue, refused, attached } = world(() => true);
    await issue();
    refused.by = () => false;
    const documents = ISSUE.documents.map((each) => ({ ...each, text: `other ${each.text}` }));
    const report = await issue({ ...ISSUE, documents });
    expect(report).toMatchObject({ state: "published", mails: 2, failures: [] });
    expect(report.stood).toEqual([
      ...["reports/2026-10/acme.html", "reports/2026-10/acme.json", "reports/2026-10/index.csv"],
    ]);
    expect(laid.get("reports/2026-10/acme.json")?.text).toBe("{}\n");
    expect(attached).toEqual(["<h1>October</h1>", "<h1>October</h1>"]);
  });

  it("does not count a document that was refused and does not lie there", async () => {
    const { ledger, ports } = world();
    const library = { ...ports.library, create: async () => false };
    const publishing = publish(MONTH, { ...ports, library }, async () => ISSUE);
    await expect(publishing).rejects.toMatchObject({ code: "NotAllPublished" });
    expect(ledger.peek(keys.published(MONTH))).toBeUndefined();
  });

  it("goes on after it was cut between two documents, and only then tells anybody", async () => {
    const { laid, posted, issue } = world();
    async function* cut() {
      yield* ISSUE.documents.slice(0, 2);
      throw new Error("no more time");
    }
    await expect(issue({ ...ISSUE, documents: cut() })).rejects.toThrow("no more time");
    expect([[...laid.keys()].length, posted]).toEqual([2, []]);
    expect(await issue()).toMatchObject({ state: "published", mails: 2, stood: [] });
    expect([...laid.keys()]).toHaveLength(3);
  });

  it("asks for a document when one was laid down, and for mails when all were", async () => {
    const { laid, ports, posted } = world();
    let made = 0;
    let ahead = 0;
    function* documents() {
      for (let n = 0; n < 100; n += 1) {
        made += 1;
        ahead = Math.max(ahead, made - laid.size);
        yield { name: n === 0 ? "acme" : `other-${n}`, form: "html", text: `${n}` } as const;
      }
    }
    function* mails() {
      expect(laid.size).toBe(100);
      yield mail("it@acme.example");
    }
    await publish(MONTH, ports, async () => ({ documents: documents(), mails: mails() }));
    expect(posted).toEqual(["it@acme.example"]);
    expect(ahead).toBeLessThanOrEqual(17);
  });

  it("names nobody's address in a key", async () => {
    const { ledger, issue } = world();
    await issue();
    expect(ledger.keys().join(" ")).not.toMatch(/@/);
  });

  it("is published without mails where the fleet names no sender", async () => {
    const { ports, posted } = world();
    const report = await publish(MONTH, { ...ports, post: undefined }, async () => ISSUE);
    expect(report).toMatchObject({ state: "published", mails: 0 });
    expect(posted).toEqual([]);
  });
});

describe("a month is settled by its sites", () => {
  const DAY = "2026-10-31";
  const places = ["eu-west-1", "eu-central-1"].map((site) => ({ site, mirror: "eu-west-1" }));
  const ready = () => {
    const ledgers = new MemoryLedgers();
    for (const { site } of places) ledgers.at(site).put(keys.daySeal(DAY), { day: DAY });
    return ledgers;
  };

  it("once all have sealed its last day", async () => {
    const ledgers = ready();
    const asked = () => sealedShelves(places, { ledgers: ledgers.at, lastDay: DAY });
    expect(await asked()).toHaveLength(2);
    ledgers.at("eu-central-1").remove(keys.daySeal(DAY));
    ledgers.at("eu-central-1").put(keys.daySeal("2026-10-30"), {});
    await expect(asked()).rejects.toMatchObject({
      ...{ code: "NotSealedYet", message: "eu-central-1 has not sealed 2026-10-31 yet" },
    });
  });

  it("also if one began later, and by nobody if all of them did", async () => {
    const ledgers = ready();
    const asked = () => sealedShelves(places, { ledgers: ledgers.at, lastDay: DAY });
    const late = keys.daySeal("2026-11-01");
    for (const { site } of places.toReversed()) {
      ledgers.at(site).remove(keys.daySeal(DAY));
      ledgers.at(site).put(late, {});
      expect(await asked()).toHaveLength(site === "eu-central-1" ? 2 : 0);
    }
  });

  it("not while one is lost, though its days lie elsewhere: what happened there does not", async () => {
    const ledgers = ready();
    const mirrored = keys.mirror("eu-central-1", keys.daySeal(DAY));
    ledgers.at("eu-west-1").put(mirrored, { day: DAY });
    ledgers.cutOff("eu-central-1");
    await expect(
      sealedShelves(places, { ledgers: ledgers.at, lastDay: DAY }),
    ).rejects.toMatchObject({
      code: "CloudUnreachable",
      message: expect.stringMatching(/not what happened/),
    });
  });
});
