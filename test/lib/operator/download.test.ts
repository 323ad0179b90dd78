import { describe, expect, it } from "vitest";
import { answerDownload } from "../../../functions/download/answer.ts";
import type { Pairs } from "../../../functions/download/ports.ts";
import type { FrozenCopy } from "../../../functions/freeze/contract.ts";
import type { Access } from "../../../lib/operator/access.ts";
import { makeLink, parseExpiry } from "../../../lib/operator/download.ts";
import { linkLines, listLines } from "../../../lib/operator/download-lines.ts";
import { linksOf, revokeLink } from "../../../lib/operator/download-links.ts";
import type { FrozenShelf } from "../../../lib/operator/frozen-shelf.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { binhex } from "../../../lib/sla/presets/binhex.ts";
import { clickDesk, keyOf, requestTo } from "../../fakes/downloads.ts";
import { Bureau, CONTROL } from "../../fakes/operator-access.ts";

const PAGE = "https://page.lambda-url.eu-west-1.on.aws/";
const WEEK = parseExpiry("7d");

const copy = (backup: string, takenAt: string, more: Partial<FrozenCopy> = {}): FrozenCopy => ({
  ...{ backup, takenAt, database: "erp", counted: { tables: 2, rows: 12 } },
  dump: { key: keyOf("acme", backup), sha256: "cd".repeat(32), bytes: 7_340_032 },
  postgres: { server: "15.8", dumpedBy: "17.2 (Debian)" },
  retainUntil: "2027-03-22T04:00:00.000Z",
  ...more,
});
const OLD = copy("sla-acme-1", "2026-11-14T03:00:00.000Z");
const NEW = copy("sla-acme-2", "2026-11-21T03:00:00.000Z");

/** A fleet with a frozen account, at one moment. */
function office(copies: readonly FrozenCopy[] = [OLD, NEW], page?: "nowhere", sold?: "files") {
  const bureau = new Bureau();
  const [first] = bureau.fleet.instances;
  if (!first) throw new Error("no acme");
  const acme: Instance = sold ? { ...first, filestore: "s3://hosting/acme" } : first;
  const frozen = { account: "222222222222", region: CONTROL, retainDays: 120 };
  const { plan = "" } = first;
  const filed = { [plan]: { ...bureau.fleet.plans[plan], backups: binhex.backups } as Plan };
  const plans = sold ? filed : bureau.fleet.plans;
  const access: Access = { ...bureau, fleet: { ...bureau.fleet, frozen, plans } };
  const asked: string[] = [];
  const shelf: FrozenShelf = {
    async copies(region, instance) {
      asked.push(`${region} ${instance}`);
      return copies;
    },
    page: async () => (page === "nowhere" ? undefined : PAGE),
  };
  let made = 0;
  const make = (wish: { backup?: string; pairs?: Pairs } = {}) =>
    makeLink(access, shelf, acme, {
      expiresSeconds: WEEK,
      random: Buffer.alloc(32, ++made),
      pairs: async () => undefined,
      ...wish,
    });
  const { clock } = bureau;
  const ledger = bureau.memory.at(CONTROL);
  const click = (url: string) =>
    answerDownload(requestTo(new URL(url).pathname), clickDesk({ ledger, clock }));
  return { access, acme, make, click, asked, clock, ledger };
}

describe("a link to a frozen copy", () => {
  it("is to the newest, works for as long as was said, and is kept by nobody", async () => {
    const { make, click, asked, ledger } = office();
    const made = await make();
    expect(asked).toEqual([`${CONTROL} acme`]);
    expect(made).toMatchObject({
      instance: "acme",
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      url: expect.stringMatching(
        /^https:\/\/page\.lambda-url\.eu-west-1\.on\.aws\/d\/acme\.[\w-]{43}\/acme-2026-11-21T0300Z\.dump$/,
      ),
      until: "2026-11-28T10:00:45.001Z",
      copy: NEW,
    });
    expect((await click(made.url)).statusCode).toBe(302);
    const [secret = "none"] = /[\w-]{43}/.exec(made.url) ?? [];
    expect(JSON.stringify(ledger.keys().map((key) => [key, ledger.peek(key)]))).not.toContain(
      secret,
    );
  });

  it("is to another where one is named", async () => {
    expect((await office().make({ backup: "sla-acme-1" })).copy).toEqual(OLD);
  });

  it("ends at once where somebody revokes it, by the link or by its id, and no other does", async () => {
    const { make, click, access, acme } = office();
    const [one, two, three] = [await make(), await make(), await make()];
    expect(await revokeLink(access, acme, one.url)).toBe(one.id);
    await revokeLink(access, acme, two.id);
    await revokeLink(access, acme, two.id);
    const statuses = [one, two, three].map(async ({ url }) => (await click(url)).statusCode);
    expect(await Promise.all(statuses)).toEqual([404, 404, 302]);
  });

  it("is listed with who followed it", async () => {
    const { make, click, access, acme, clock } = office();
    const [first, second] = [await make(), await make()];
    await click(first.url);
    await clock.until(new Date("2026-11-23T09:00:00.000Z"));
    await click(first.url);
    await revokeLink(access, acme, second.id);
    const links = await linksOf(access, acme);
    expect(links.map(({ id, state, clicks }) => [id, state, clicks]).toSorted()).toEqual(
      [
        [first.id, "open", 2],
        [second.id, "revoked", 0],
      ].toSorted(),
    );
    const lines = listLines("acme", [OLD, NEW], links, "UTC");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const text = lines.join(" ").replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "2026-11-21 03:00 7.3 MB, 12 rows of 2 tables, of PostgreSQL 15.8, locked",
    );
    expect(text).toContain("clicks: 2, the last 2026-11-23 09:00 from 192.0.2.7 (led)");
    expect(text).toContain("never clicked");
    await clock.until(new Date("2026-11-29T00:00:00.000Z"));
    expect((await linksOf(access, acme)).map(({ state }) => state)).toContain("expired");
  });

  it("says how to fetch, check and restore it, and what ends it", async () => {
    const made = await office().make();
    const text = linkLines(made, "UTC").join("\n");
    expect(text).toContain(`\n${made.url}\n`);
    expect(text).toContain(`curl -fL -C - -o acme-2026-11-21T0300Z.dump '${made.url}'`);
    expect(text).toContain(`echo '${"cd".repeat(32)}  acme-2026-11-21T0300Z.dump' | sha256sum -c`);
    expect(text).toContain("pg_restore 17 or newer");
    expect(text).toContain("--exit-on-error -d 'erp' acme-2026-11-21T0300Z.dump");
    expect(text).toContain(`sla download acme --revoke ${made.id}`);
    expect([made.files, text]).toEqual(["none", expect.not.stringContaining("files")]);
  });

  it("of MariaDB says what its client is told, and which tables may be there by half", async () => {
    const { postgres: _, ...rest } = copy("sla-acme-3", "2026-11-21T03:00:00.000Z");
    const mariadb = { server: "10.11.13-MariaDB-log", dumpedBy: "11.8.2-MariaDB" };
    const untransacted = ["a", "b", "c", "d"].map((name) => `\`shop\`.\`${name}\``);
    const made = await office([{ ...rest, mariadb, untransacted }]).make();
    expect(made.file).toBe("acme-2026-11-21T0300Z.sql.gz");
    const lines = linkLines(made, "UTC");
    expect(lines).toContain("           gunzip -c acme-2026-11-21T0300Z.sql.gz | mariadb");
    const text = lines.join(" ").replaceAll(/\s+/g, " ");
    expect(text).toContain("of MariaDB 10.11.13-MariaDB-log");
    expect(text).toContain("anywhere, with MariaDB 10.11 or newer and its client:");
    expect(text).toContain("transactions: `shop`.`a`, `shop`.`b`, `shop`.`c` and 1 more;");
    expect(text).not.toMatch(/createdb|pg_restore/);
  });

  it("leads to the files that belong to its dump, where the plan sells them and they are there", async () => {
    const pairs: Pairs = async (instance, backup) =>
      `${instance} ${backup}` === "acme sla-acme-2" ? { manifest: "m2", paths: "p2" } : undefined;
    const { make, click, ledger } = office(undefined, undefined, "files");
    const made = await make({ pairs });
    const base = made.archive.replace("archive.json", "");
    expect(base).toBe(made.url.replace(made.file, ""));
    const text = linkLines(made, "UTC").join("\n");
    expect(text).toContain(`sla fetch '${made.url}' --to DIR`);
    expect(text).toContain(`curl -fL '${base}paths.txt' | sed 's|^|${base}|' |`);
    expect((await click(`${base}files/v1/1a/1a0f`)).statusCode).toBe(302);
    expect(ledger.keys("fetches/")).toHaveLength(1);
    const late = await make({ pairs, backup: "sla-acme-1" });
    expect(late.files).toBe("missing");
    const lines = linkLines(late, "UTC");
    expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain("have not arrived yet, or are kept");
    expect((await click(late.url)).statusCode).toBe(302);
    expect((await click(late.archive)).body).toContain('"files": null');
  });

  it("is listed with how many files were fetched, and when the last", async () => {
    const pairs: Pairs = async () => ({ manifest: "m2", paths: "p2" });
    const { make, click, access, acme } = office(undefined, undefined, "files");
    const made = await make({ pairs });
    await click(made.url.replace(made.file, "files/v1/1a/1a0f"));
    const links = await linksOf(access, acme);
    expect(links).toMatchObject([{ clicks: 0, fetched: { led: 1, refused: 0 } }]);
    const lines = listLines("acme", [OLD, NEW], links, "UTC");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain("files fetched: 1 or more, the last");
  });
});

describe("no link", () => {
  it.each([
    ["where nothing is frozen", () => office([]).make(), /acme has no frozen copy: its plan/],
    [
      "to what is not frozen",
      () => office().make({ backup: "b9" }),
      /'b9'.*frozen are sla-acme-1, sla/,
    ],

    ["where nobody answers it", () => office([NEW], "nowhere").make(), /nobody answers links/],
  ])("is made %s", async (_where, make, said) => {
    await expect(make()).rejects.toThrow(said);
  });

  it("is made in a fleet without frozen copies, nor asked for", async () => {
    const { access, acme } = office();
    const { frozen: _, ...bare } = access.fleet;
    await expect(linksOf({ ...access, fleet: bare }, acme)).rejects.toThrow(
      /makes no frozen copies/,
    );
  });

  it.each(["0123456789abcdef", "acme", "https://elsewhere.example/d/acme"])(
    "is revoked by '%s'",
    async (given) => {
      const { access, acme, make } = office();
      await make();
      await expect(revokeLink(access, acme, given)).rejects.toThrow(/--revoke: /);
    },
  );

  it("of one instance is revoked for another", async () => {
    const { access, make } = office();
    const { url } = await make();
    const dale = access.fleet.instances.find(({ id }) => id === "dale") as Instance;
    await expect(revokeLink(access, dale, url)).rejects.toThrow(/dale has no link/);
  });
});

describe("how long a link works", () => {
  it.each(["15m", "30d"])("may be %s", (text) => expect(parseExpiry(text)).toBeGreaterThan(0));
  it.each(["14m", "31d", "0d", "soon", "-1d", ""])("may not be '%s'", (text) => {
    expect(() => parseExpiry(text)).toThrow(/--expires: .*15m to 30d/);
  });
});
