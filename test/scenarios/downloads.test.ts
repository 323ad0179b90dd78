import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerDownload } from "../../functions/download/answer.ts";
import type { Access, DownloadLink } from "../../functions/download/contract.ts";
import type { UrlAnswer } from "../../functions/download/url-answers.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { FakeClock } from "../fakes/clock.ts";
import {
  clickDesk,
  FakeSigner,
  FILE,
  keyOf,
  keyOfLink,
  linkOf,
  OTHER_TOKEN,
  requestTo,
  TOKEN,
} from "../fakes/downloads.ts";
import { MemoryLedger } from "../fakes/ledger.ts";

const NOW = "2026-11-23T09:00:00.000Z";
const PATH = `/d/${TOKEN}/${FILE}`;

/** Two customers with a link each. */
function desk(changes: Partial<DownloadLink> = {}) {
  const ledger = new MemoryLedger("eu-west-1");
  ledger.put(keyOfLink(TOKEN), { ...linkOf(TOKEN), ...changes });
  ledger.put(keyOfLink(OTHER_TOKEN), linkOf(OTHER_TOKEN));
  ledger.calls = 0;
  const signer = new FakeSigner();
  const clock = new FakeClock(NOW);
  const ask = (path: string, method?: string) =>
    answerDownload(requestTo(path, method), clickDesk({ ledger, clock }, signer));
  const accesses = () =>
    ledger.keys("accesses/").map((key) => ledger.peek<Access>(key) ?? ({} as Access));
  return { ledger, signer, clock, ask, accesses };
}

const isPlainNotFound = (answer: UrlAnswer) => {
  expect([answer.statusCode, answer.body]).toEqual([404, "not found\n"]);
  expect(answer.headers).not.toHaveProperty("location");
  expect(answer.headers["cache-control"]).toBe("no-store");
};

describe("a link that holds", () => {
  it.each([
    ["with the name of its file", PATH, "GET"],
    ["without a name", `/d/${TOKEN}`, "GET"],
    ["for who only looks", PATH, "HEAD"],
  ])("leads to its dump %s", async (_how, path, method) => {
    const { ask, signer } = desk();
    const answer = await ask(path, method);
    expect(answer).toMatchObject({
      statusCode: 302,
      headers: {
        location: `https://bucket.example/${keyOf("acme")}?for=${method}`,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      },
      body: "",
    });
    expect(signer.signed).toEqual([`${method} ${keyOf("acme")} ${FILE}`]);
  });

  it("is written down before it leads anywhere: who, when, what for, and never the link itself", async () => {
    const { ask, accesses, ledger } = desk();
    await ask(PATH);
    expect(accesses()).toEqual([
      {
        ...{
          instance: "acme",
          backup: "sla-acme-1",
          link: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        ...{ at: NOW, from: "192.0.2.7", agent: "curl/8.5 x: y", method: "GET", outcome: "led" },
      },
    ]);
    const [secret = "none"] = TOKEN.split(".").slice(1);
    for (const key of ledger.keys()) {
      expect(key + JSON.stringify(ledger.peek(key))).not.toContain(secret);
    }
  });

  it("leads anew on every click, each of them written down", async () => {
    const { ask, accesses } = desk();
    await Promise.all([ask(PATH), ask(PATH), ask(PATH, "HEAD")]);
    expect(
      accesses()
        .map(({ method }) => method)
        .toSorted(),
    ).toEqual(["GET", "GET", "HEAD"]);
  });

  it("leads nowhere where the access cannot be written down", async () => {
    const { ask, ledger } = desk();
    ledger.create = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "no answer");
    };
    const outcome = await ask(PATH).catch((cause: unknown) => cause);
    expect(outcome).toMatchObject({ code: "CloudUnreachable" });
  });
});

describe("a link that does not hold", () => {
  it.each<[string, Partial<DownloadLink>, string, string]>([
    ["was revoked", { revoked: { at: NOW, by: "ops" } }, PATH, "revoked"],
    ["was made before there were archives", {}, `/d/${TOKEN}/archive.json`, "misnamed"],
    ["was made before it led to files", {}, `/d/${TOKEN}/files.json.gz`, "misnamed"],
    ["has another's file at its end", {}, `/d/${TOKEN}/birch-2026-11-22T1400Z.dump`, "misnamed"],
    ["was made to lead to another instance", { key: keyOf("birch") }, PATH, "tampered"],
    ["was made over to another instance", { instance: "birch" }, PATH, "tampered"],
    ["was made to last", { until: "2036-11-22T00:00:00.000Z" }, PATH, "tampered"],
    ["was sealed by somebody else", { seal: linkOf(OTHER_TOKEN).seal }, PATH, "tampered"],
    ["is no more than another's record", linkOf(OTHER_TOKEN), PATH, "tampered"],
  ])("that %s leads nowhere, and that is written down", async (_how, changes, path, outcome) => {
    const { ask, accesses, signer } = desk(changes);
    isPlainNotFound(await ask(path));
    expect(accesses()).toMatchObject([{ outcome }]);
    expect(signer.signed).toEqual([]);
  });

  it.each([
    ["another instance's folder", keyOf("birch")],
    ["another instance's by a way round", `acme/../${keyOf("birch")}`],
    ["another backup of its own", keyOf("acme", "sla-acme-2")],
    ["its manifest", "acme/sla-acme-1/manifest.json"],
    ["what else lies beside it", keyOf("acme").replace("database.dump", "contents.txt")],
    ["a whole folder", "acme/sla-acme-1/"],
    ["an attempt with another name", "acme/sla-acme-1/../database.dump"],
  ])("though sealed as it should be, is not led to %s", async (_what, key) => {
    const { ask, accesses } = desk(linkOf(TOKEN, { key }));
    isPlainNotFound(await ask(PATH));
    expect(accesses()).toMatchObject([{ outcome: "tampered" }]);
  });

  it("may have become anything at all: it leads nowhere, and that is written down", async () => {
    const anything = fc.oneof(
      fc.jsonValue().filter((value) => Boolean(value)),
      fc
        .dictionary(
          fc.constantFrom("takenAt", "seal", "key", "backup", "until", "instance"),
          fc.jsonValue(),
          { minKeys: 1 },
        )
        .map((changes) => ({ ...linkOf(TOKEN), ...changes })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (record) => {
        const { ask, accesses, ledger, signer } = desk();
        ledger.put(keyOfLink(TOKEN), record);
        isPlainNotFound(await ask(PATH));
        expect(accesses()).toMatchObject([{ outcome: "tampered" }]);
        expect(signer.signed).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("ends at its time, to the millisecond", async () => {
    const { ask, clock, accesses } = desk();
    await clock.until(new Date("2026-11-29T14:59:59.999Z"));
    expect((await ask(PATH)).statusCode).toBe(302);
    await clock.until(new Date("2026-11-29T15:00:00.000Z"));
    isPlainNotFound(await ask(PATH));
    expect(accesses().map(({ outcome }) => outcome)).toEqual(["led", "expired"]);
  });
});

describe("who has no link", () => {
  const guessed = TOKEN.replace(/.$/, "A");
  it.each([
    ["a token nobody made", `/d/${guessed}/${FILE}`],
    ["its token for another instance", `/d/${TOKEN.replace("acme", "birch")}/${FILE}`],
    ["another's token for this instance", `/d/${OTHER_TOKEN.replace("birch", "acme")}/${FILE}`],
    ["the id of a link", `/d/acme.${keyOfLink(TOKEN).slice(11, 27).padEnd(43, "0")}`],
    ["the beginning of a token", `/d/${TOKEN.slice(0, -1)}`],
    ["nothing", "/"],
    ["no token", "/d/"],
    ["another door", `/${TOKEN}/${FILE}`],
    ["a way round", `/d/${TOKEN}/../../birch/${FILE}`],
    ["an encoded way round", `/d/${TOKEN}%2F..%2Fbirch`],
    ["an encoded slash in the instance", `/d/acme%2fbirch.${TOKEN.slice(5)}/${FILE}`],
    ["a key for a name", `/d/${TOKEN}/${keyOf("birch")}`],
    ["a line break in a name", `/d/${TOKEN}/a%0d%0ax: y`],
    ["a real line break", `/d/${TOKEN}/a\r\nx`],
    ["a slash at the end", `${PATH}/`],
    ["a query in its path", `${PATH}?key=${keyOf("birch")}`],
  ])("%s finds nothing and leaves nothing", async (_what, path) => {
    const { ask, accesses, ledger } = desk();
    isPlainNotFound(await ask(path));
    expect(accesses()).toEqual([]);
    expect(ledger.calls).toBeLessThanOrEqual(1);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS", "get"])("a %s finds nothing", async (method) => {
    const { ask, ledger } = desk();
    isPlainNotFound(await ask(PATH, method));
    expect(ledger.calls).toBe(0);
  });

  it("gets the same answer as who had one, at the price of one look", async () => {
    const known = desk({ revoked: { at: NOW, by: "ops" } });
    const { ask, ledger } = desk();
    expect(await ask(`/d/${guessed}`)).toEqual(await known.ask(PATH));
    expect(ledger.calls).toBe(1);
  });

  it("is not told apart from who is forbidden to look: the function may not list", async () => {
    const { ask, ledger } = desk();
    ledger.read = async () => {
      throw new SlaError("CloudRefused", "operator", "AccessDenied");
    };
    isPlainNotFound(await ask(PATH));
  });

  it("gets an error where the ledger does not answer, and so does who has one", async () => {
    const { ask, ledger } = desk();
    ledger.reachable = false;
    for (const path of [PATH, `/d/${guessed}`]) {
      await expect(ask(path)).rejects.toMatchObject({ code: "CloudUnreachable" });
    }
  });
});

it("law: whatever a path is, only acme's own link leads to acme's dump, and to nothing else", async () => {
  const piece = fc.constantFrom(
    ...["/", "d", "..", "%2e", "%2f", "acme", "birch", ".", "?", "%00", "\\", FILE],
    ...[TOKEN, OTHER_TOKEN, TOKEN.slice(5), OTHER_TOKEN.slice(6), keyOf("birch"), "database.dump"],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      const path = `/d/${pieces.join("")}`;
      const { ask, signer } = desk();
      const { statusCode } = await ask(path);
      const opened = [TOKEN, OTHER_TOKEN].find((token) =>
        [`/d/${token}`, `/d/${token}/${token.split(".")[0]}-2026-11-22T1400Z.dump`].includes(path),
      );
      const instance = opened?.split(".")[0];
      expect(statusCode).toBe(instance === undefined ? 404 : 302);
      expect(signer.signed.map((each) => each.split(" ")[1])).toEqual(
        instance === undefined ? [] : [keyOf(instance)],
      );
    }),
    { numRuns: 2000 },
  );
});
