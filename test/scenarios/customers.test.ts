import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { answerDownload } from "../../functions/download/answer.ts";
import { CUSTOMER_ROUTES, OPEN_LINKS } from "../../functions/download/contract.ts";
import { answerCustomer } from "../../functions/download/customers.ts";
import { unlisted } from "../../functions/download/paired.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { ApiRequest } from "../../functions/kernel/http-api.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { binhex } from "../../lib/sla/presets/binhex.ts";
import { odoo } from "../../lib/sla/presets/odoo.ts";
import { FakeClock } from "../fakes/clock.ts";
import { clickDesk, keyOf, requestTo } from "../fakes/downloads.ts";
import { fleetOf, instance as instanceOf, QUICK_PLAN } from "../fakes/fleet.ts";
import { MemoryLedgers } from "../fakes/ledger.ts";

const FROZEN_IN = "eu-west-1";
const ANNA = "auth0|anna";
const BEA = "auth0|bea";

const copyOf = (instance: string, backup: string, takenAt: string): FrozenCopy => ({
  ...{ backup, takenAt, database: "erp", counted: { tables: 2, rows: 12 } },
  dump: { key: keyOf(instance, backup), sha256: "cd".repeat(32), bytes: 7_340_032 },
  postgres: { server: "15.8", dumpedBy: "17.2 (Debian)" },
  retainUntil: "2027-03-22T04:00:00.000Z",
});

const FILED = { ...QUICK_PLAN, backups: binhex.backups, frozen: { immutable: true } } as Plan;
const SOLD = { ...QUICK_PLAN, backups: odoo.backups, frozen: { immutable: true } } as Plan;

/** acme is Anna's, birch is Bea's, cedar is both's. */
function office(more: Partial<NonNullable<Fleet["customers"]>> = {}, sold = SOLD) {
  const instances = [
    instanceOf("acme", { customers: [ANNA], filestore: "s3://hosting/acme" }),
    instanceOf("birch", { customers: [BEA], filestore: "s3://hosting/birch" }),
    instanceOf("cedar", { customers: [ANNA, BEA] }),
    instanceOf("dune"),
  ];
  const fleet: Fleet = {
    ...fleetOf(instances, sold),
    frozen: { account: "222222222222", region: FROZEN_IN, retainDays: 120 },
    customers: { issuer: "https://login.example", audience: ["sla"], claim: "sub", ...more },
  };
  const clock = new FakeClock("2026-11-22T15:00:00Z");
  const books = new MemoryLedgers();
  const ledger = books.at(FROZEN_IN);
  const asked: string[] = [];
  /** Whose files were looked for, of which backup. */
  const paired: string[] = [];
  /** Names of backups that were frozen meanwhile. */
  const frozen: string[] = [];
  let made = 0;
  const desk = {
    ...{ ledger, ledgers: books.at, clock, page: "https://page.example/" },
    fleet: async () => fleet,
    shelf: {
      async copies(instance: string) {
        asked.push(instance);
        return [
          copyOf(instance, `sla-${instance}-1`, "2026-11-14T03:00:00.000Z"),
          copyOf(instance, `sla-${instance}-2`, "2026-11-21T03:00:00.000Z"),
          ...frozen.map((backup) => copyOf(instance, backup, "2026-11-22T15:00:00.000Z")),
        ];
      },
    },
    random: () => Buffer.alloc(32, ++made),
    pairs: async (instance: string, backup: string) => {
      paired.push(`${instance} ${backup}`);
      return instance === "acme" ? { manifest: "m1", paths: "p1" } : undefined;
    },
  };
  const ask = async (
    routeKey: string,
    sub: string | undefined,
    pathParameters: Readonly<Record<string, string>> = {},
    body?: string,
  ) => {
    const request: ApiRequest = {
      ...{ routeKey, pathParameters, ...(body !== undefined && { body }) },
      requestContext: { authorizer: { jwt: { claims: sub === undefined ? {} : { sub } } } },
    };
    const answer = await answerCustomer(request, desk);
    return { ...answer, said: JSON.parse(answer.body) };
  };
  const link = (id: string, sub = ANNA, body?: string) =>
    ask("POST /instances/{instance}/downloads", sub, { instance: id }, body);
  const click = (url: string) =>
    answerDownload(requestTo(new URL(url).pathname), clickDesk({ ledger, clock }));
  return { ask, link, click, clock, ledger, books, asked, paired, frozen };
}

describe("the files of a customer", () => {
  it("are led to by the link to their dump, and no other's are looked for", async () => {
    const { link, click, paired } = office({}, FILED);
    const { said, body } = await link("acme");
    expect(said).toMatchObject({
      files: "there",
      archive: expect.stringMatching(/archive\.json$/),
    });
    expect(JSON.parse((await click(said.archive)).body)).toMatchObject({
      instance: "acme",
      files: { manifest: "files.json.gz" },
    });
    expect(paired).toEqual(["acme sla-acme-2"]);
    expect((await link("birch")).statusCode).toBe(404);
    expect(paired).toHaveLength(1);
    expect(body).not.toContain('"m1"');
  });

  it("are said to be missing where none are there", async () => {
    const { link, click } = office({}, FILED);
    const { said } = await link("birch", BEA);
    expect(said.files).toBe("missing");
    expect(JSON.parse((await click(said.archive)).body).files).toBeNull();
  });

  it("are not looked for where the plan sells none", async () => {
    const { link, paired } = office();
    expect((await link("acme")).said.files).toBe("none");
    expect(paired).toEqual([]);
  });

  it("that are not there and that are forbidden are the same to a function that may not list", async () => {
    const failing = (code: string) =>
      unlisted(async () => {
        throw new SlaError(code, "operator", "HEAD answered 403");
      });
    expect(await failing("CloudRefused")("acme", "b1")).toBeUndefined();
    await expect(failing("CloudUnreachable")("acme", "b1")).rejects.toThrow();
  });
});

describe("a customer", () => {
  it("sees their own instances and no other", async () => {
    const { ask } = office();
    const seen = async (sub: string) =>
      (await ask("GET /instances", sub)).said.instances.map(({ id }: { id: string }) => id);
    expect(await seen(ANNA)).toEqual(["acme", "cedar"]);
    expect(await seen(BEA)).toEqual(["birch", "cedar"]);
    expect(await seen("auth0|carl")).toEqual([]);
  });

  it("sees which frozen copies there are, without their place in the provider's bucket", async () => {
    const { ask } = office();
    const { said, body } = await ask("GET /instances/{instance}/copies", ANNA, {
      instance: "acme",
    });
    expect(said.copies).toHaveLength(2);
    expect(said.copies[1]).toMatchObject({ backup: "sla-acme-2", bytes: 7_340_032 });
    expect(body).not.toContain("database.dump");
  });

  it("makes a link to the newest copy that leads to their own dump for a week", async () => {
    const { link, click, clock } = office();
    const { statusCode, headers, said } = await link("acme");
    expect(statusCode).toBe(201);
    expect(headers["location"]).toBe(said.url);
    expect(said).toMatchObject({ instance: "acme", copy: { backup: "sla-acme-2" } });
    expect((await click(said.url)).headers["location"]).toContain("acme/sla-acme-2/");
    await clock.wait(7 * 86_400 - 1);
    expect((await click(said.url)).statusCode).toBe(302);
    await clock.wait(1);
    expect((await click(said.url)).statusCode).toBe(404);
  });

  it("may say which copy, and for how long", async () => {
    const { link } = office();
    const { said } = await link("acme", ANNA, '{"backup":"sla-acme-1","expires":"15m"}');
    expect(said).toMatchObject({
      ...{ until: "2026-11-22T15:15:00.000Z", copy: { backup: "sla-acme-1" } },
    });
  });

  it("sees links of their instance, whoever made them, with their clicks, and never a token", async () => {
    const { ask, link, click } = office();
    const { said: made } = await link("cedar", BEA);
    await click(made.url);
    const answer = await ask("GET /instances/{instance}/downloads", ANNA, { instance: "cedar" });
    expect(answer.said.downloads).toMatchObject([
      { id: made.id, by: `customer ${BEA}`, state: "open", clicks: 1 },
    ]);
    const [, token = ""] = /\/d\/([^/]+)/.exec(made.url) ?? [];
    expect(token).toHaveLength("cedar.".length + 43);
    expect(answer.body).not.toContain(token);
  });

  it("ends a link of their instance", async () => {
    const { ask, link, click } = office();
    const { said: made } = await link("acme");
    const at = { instance: "acme", link: made.id };
    const ended = await ask("DELETE /instances/{instance}/downloads/{link}", ANNA, at);
    expect(ended.said).toEqual({ instance: "acme", revoked: made.id });
    expect((await click(made.url)).statusCode).toBe(404);
  });

  it("has so many links open and no more, and one more once one is ended", async () => {
    const { ask, link } = office();
    const made = await link("acme");
    for (let each = 1; each < OPEN_LINKS; each++) await link("acme");
    expect((await link("acme")).said.error.code).toBe("TooManyLinks");
    expect((await link("cedar")).statusCode).toBe(201);
    const at = { instance: "acme", link: made.said.id };
    await ask("DELETE /instances/{instance}/downloads/{link}", ANNA, at);
    expect((await link("acme")).statusCode).toBe(201);
  });

  test.each([
    ["no JSON", "backup=1", /^body: expected JSON like/],
    ["a list", "[]", /^body: expected JSON like/],
    ["a backup that is no name", '{"backup":"../birch"}', /^backup: expected JSON like/],
    ["a key that is not known", '{"instance":"birch"}', /^body: expected JSON like/],
    ["no duration", '{"expires":"for ever"}', /^expires: 'for ever': expected .*15m to 30d/],
    ["too long", '{"expires":"31d"}', /^expires: '31d': expected/],
    ["too short", '{"expires":"14m"}', /^expires: '14m': expected/],
    ["too much", JSON.stringify({ expires: "1".repeat(2000) }), /^expected at most 1024/],
  ])("is told what is wrong with a wish: %s", async (_what, body, message) => {
    const { link, ledger } = office();
    const { statusCode, said } = await link("acme", ANNA, body);
    expect(statusCode).toBe(400);
    expect(said.error.message).toMatch(message);
    expect(await ledger.list("links/")).toEqual([]);
  });

  it("is told which copies there are if theirs is none", async () => {
    const { link } = office();
    const { statusCode, said } = await link("acme", ANNA, '{"backup":"sla-birch-1"}');
    expect(statusCode).toBe(404);
    expect(said.error.message).toContain("frozen are sla-acme-1, sla-acme-2");
  });
});

describe("a dump of now", () => {
  const DUMP = "/instances/{instance}/dump";
  const BACKUP = "sla-acme-20261122t150001z";
  const acme = { instance: "acme" };

  it("is wished for by a customer in the ledgers of all sites, and is under way", async () => {
    const { ask, books } = office();
    expect((await ask(`GET ${DUMP}`, ANNA, acme)).said).toEqual({ instance: "acme", dump: null });
    const { statusCode, said } = await ask(`POST ${DUMP}`, ANNA, acme);
    const dump = {
      askedAt: "2026-11-22T15:00:01.000Z",
      by: `customer ${ANNA}`,
      state: "under-way",
    };
    expect([statusCode, said]).toEqual([202, { instance: "acme", dump }]);
    for (const site of ["eu-central-2", "eu-central-1", FROZEN_IN]) {
      expect(books.at(site).peek("fresh/acme.json")).toMatchObject({
        askedAt: dump.askedAt,
        epoch: 1,
      });
    }
    expect((await ask(`GET ${DUMP}`, ANNA, acme)).said.dump).toEqual(dump);
  });

  it("is one, however often it is asked for; a site that was silent hears of it then", async () => {
    const { ask, books, clock } = office();
    books.at("eu-central-2").reachable = false;
    const first = await ask(`POST ${DUMP}`, ANNA, acme);
    expect(first.statusCode).toBe(202);
    books.at("eu-central-2").reachable = true;
    await clock.wait(600);
    const again = await ask(`POST ${DUMP}`, ANNA, acme);
    expect(again.said).toEqual(first.said);
    expect(books.at("eu-central-2").peek("fresh/acme.json")).toBeDefined();
  });

  test.each([
    ["made", BACKUP],
    ["made after a failover", `${BACKUP}-e2`],
  ])(
    "that was %s is said, leads to a link, and is followed by none for a day",
    async (_how, backup) => {
      const { ask, link, clock, frozen } = office();
      await ask(`POST ${DUMP}`, ANNA, acme);
      frozen.push(backup);
      const { said } = await ask(`GET ${DUMP}`, ANNA, acme);
      expect(said.dump).toMatchObject({ state: "made", backup });
      expect((await link("acme")).said.copy.backup).toBe(backup);
      const soon = await ask(`POST ${DUMP}`, ANNA, acme);
      expect(soon.statusCode).toBe(409);
      expect(soon.said.error.message).toBe(
        "one a day, one an hour if it failed: ask again from 2026-11-23T15:00:01.000Z",
      );
      await clock.wait(24 * 3600 + 1);
      expect((await ask(`POST ${DUMP}`, ANNA, acme)).statusCode).toBe(202);
    },
  );

  it("is none of an instance that has left; what was frozen stays to be fetched", async () => {
    const { ask, link, ledger } = office();
    const left = { instance: "acme", at: "2026-11-20T00:00:00.000Z", by: "ops", reason: "moves" };
    ledger.put("left/acme.json", left);
    const { statusCode, said } = await ask(`POST ${DUMP}`, ANNA, acme);
    expect([statusCode, said.error.code]).toEqual([409, "Left"]);
    expect(ledger.peek("fresh/acme.json")).toBeUndefined();
    expect((await link("acme")).statusCode).toBe(201);
    ledger.put("left/acme.json", { ...left, undone: { ...left, reason: "stays" } });
    expect((await ask(`POST ${DUMP}`, ANNA, acme)).statusCode).toBe(202);
  });

  it("that failed may be asked for again after an hour, and one that was given up at once", async () => {
    const { ask, clock, ledger } = office();
    await ask(`POST ${DUMP}`, ANNA, acme);
    ledger.put(`restores/acme/rt-20261122-${BACKUP}/record.json`, { ok: false });
    expect((await ask(`GET ${DUMP}`, ANNA, acme)).said.dump.state).toBe("failed");
    expect((await ask(`POST ${DUMP}`, ANNA, acme)).statusCode).toBe(409);
    await clock.wait(3600 + 1);
    expect((await ask(`POST ${DUMP}`, ANNA, acme)).said.dump.state).toBe("under-way");
    await clock.wait(48 * 3600 + 1);
    expect((await ask(`GET ${DUMP}`, ANNA, acme)).said.dump.state).toBe("given-up");
    expect((await ask(`POST ${DUMP}`, ANNA, acme)).statusCode).toBe(202);
  });
});

describe("nobody", () => {
  it("learns of an instance that is not theirs: it answers as one that does not exist", async () => {
    const { ask, link, asked } = office();
    const { said: beas } = await link("birch", BEA);
    asked.length = 0;
    for (const route of CUSTOMER_ROUTES.filter((each) => each.includes("{"))) {
      const others = await ask(route, ANNA, { instance: "birch", link: beas.id });
      const nowhere = await ask(route, ANNA, { instance: "nowhere", link: beas.id });
      expect([route, others.statusCode, others.body]).toEqual([route, 404, nowhere.body]);
    }
    expect(asked).toEqual([]);
    expect(
      (await ask("GET /instances/{instance}/downloads", BEA, { instance: "birch" })).said,
    ).toMatchObject({
      downloads: [{ id: beas.id, state: "open" }],
    });
  });

  it("ends another's link by naming it below an instance of their own", async () => {
    const { ask, link, click } = office();
    const { said: beas } = await link("birch", BEA);
    const at = { instance: "acme", link: beas.id };
    const answer = await ask("DELETE /instances/{instance}/downloads/{link}", ANNA, at);
    expect(answer.statusCode).toBe(404);
    expect((await click(beas.url)).statusCode).toBe(302);
  });

  test.each([
    ["a token without the claim", undefined],
    ["an empty claim", ""],
    ["a list that reads like a name", `[${ANNA}]`],
  ])("gets in with %s", async (_what, sub) => {
    const { ask } = office();
    expect((await ask("GET /instances", sub)).statusCode).toBe(403);
  });

  it("gets in by another claim than the fleet's", async () => {
    const { ask } = office({ claim: "org_id" });
    expect((await ask("GET /instances", ANNA)).statusCode).toBe(403);
  });

  it("gets in by a name that every object has", async () => {
    const { ask } = office({ claim: "constructor" });
    expect((await ask("GET /instances", ANNA)).statusCode).toBe(403);
  });

  it("reaches another's instance by whatever is in the request", async () => {
    const tricky = fc.oneof(
      fc.constantFrom(
        "birch",
        "acme/../birch",
        "acme%2F..%2Fbirch",
        "BIRCH",
        "birch ",
        "__proto__",
      ),
      fc.string(),
    );
    const law = fc.asyncProperty(
      fc.constantFrom(...CUSTOMER_ROUTES, "$default", "toString"),
      tricky,
      tricky,
      fc.option(fc.json(), { nil: undefined }),
      async (route, instance, link, body) => {
        const { ask, asked, ledger } = office();
        const answer = await ask(route, ANNA, { instance, link }, body);
        expect(answer.body).not.toContain("birch");
        expect(asked.every((each) => ["acme", "cedar"].includes(each))).toBe(true);
        const links = (await ledger.list("links/")).map(({ key }) => key);
        expect(links.filter((key) => key.startsWith("links/birch/"))).toEqual([]);
      },
    );
    await fc.assert(law, { numRuns: 300 });
  });
});
