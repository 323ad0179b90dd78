import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerDownload } from "../../functions/download/answer.ts";
import type { Access, Archive, DownloadLink, Fetches } from "../../functions/download/contract.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { filePath } from "../../lib/sla/backups/file-path.ts";
import { FakeClock } from "../fakes/clock.ts";
import {
  clickDesk,
  FakeSigner,
  FILE,
  keyOfLink,
  linkOf,
  OTHER_TOKEN,
  requestTo,
  TOKEN,
} from "../fakes/downloads.ts";
import { MemoryLedger } from "../fakes/ledger.ts";

const NOW = "2026-11-23T09:00:00.000Z";
const VERSION = "3sL4kqtJlcpXroDTDm.rmSpXd3dIbrHY";
const ONE = { key: "1a/1a0f ü.pdf", versionId: VERSION };
const AT = `/d/${TOKEN}`;
const IT = `${AT}/files/${filePath(ONE)}`;

const ARCHIVE: Archive = {
  database: "erp",
  postgres: { server: "15.8", dumpedBy: "17.2 (Debian)" },
  files: { manifest: "m1", paths: "p1" },
};
const { files: _, ...WITHOUT } = ARCHIVE;

/** Two customers with a link each, and as many containers as are asked for. */
function desk(changes: Partial<DownloadLink> = {}, archive: Archive | undefined = ARCHIVE) {
  const ledger = new MemoryLedger("eu-west-1");
  const sealed = archive ? { archive } : {};
  ledger.put(keyOfLink(TOKEN), { ...linkOf(TOKEN, sealed), ...changes });
  ledger.put(keyOfLink(OTHER_TOKEN), linkOf(OTHER_TOKEN, sealed));
  const [dumps, files] = [new FakeSigner(), new FakeSigner()];
  const clock = new FakeClock(NOW);
  const container = () => clickDesk({ ledger, clock }, dumps, files);
  let here = container();
  const ask = (path: string, method = "GET", sourceIp = "192.0.2.7") => {
    const request = requestTo(path, method);
    const { http, ...rest } = request.requestContext;
    return answerDownload(
      { ...request, requestContext: { ...rest, http: { ...http, sourceIp } } },
      here,
    );
  };
  return {
    ...{ ledger, clock, dumps, files, ask },
    /** Lambda begins another one. */
    anew: () => {
      here = container();
    },
    accesses: () => ledger.keys("accesses/").map((key) => ledger.peek<Access>(key)),
    fetches: () => ledger.keys("fetches/").map((key) => ledger.peek<Fetches>(key)),
  };
}

describe("a link to an archive", () => {
  it("says what there is and how it is restored, with nothing that another would not know", async () => {
    const { ask, accesses } = desk();
    const { statusCode, headers, body } = await ask(`${AT}/archive.json`);
    expect([statusCode, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    const sha256 = "cd".repeat(32);
    expect(JSON.parse(body)).toEqual({
      ...{ instance: "acme", backup: "sla-acme-1", takenAt: "2026-11-22T14:00:30.000Z" },
      until: "2026-11-29T15:00:00.000Z",
      dump: {
        ...{ path: FILE, bytes: 7_340_032, sha256, format: "pg_dump -Fc", database: "erp" },
        postgres: ARCHIVE.postgres,
      },
      files: { manifest: "files.json.gz", paths: "paths.txt", each: "files/VERSION/KEY" },
      restore: [
        `echo '${sha256}  ${FILE}' | sha256sum -c`,
        "createdb 'erp'",
        `pg_restore --no-owner --no-privileges --exit-on-error -d 'erp' ${FILE}`,
      ],
      needs: "pg_restore 17 or newer",
    });
    expect(body).not.toContain("111111111111");
    expect(accesses()).toMatchObject([{ outcome: "led", paper: "archive.json" }]);
  });

  it("of MariaDB has another name and is restored in other words", async () => {
    const mariadb = { server: "10.11.13-MariaDB-log", dumpedBy: "11.8.2-MariaDB" };
    const name = FILE.replace(/dump$/, "sql.gz");
    const untransacted = ["`shop`.`log`"];
    const { ask, dumps } = desk({}, { database: "shop", mariadb, untransacted });
    const { dump, restore, needs } = JSON.parse((await ask(`${AT}/archive.json`)).body);
    expect(dump).toMatchObject({
      path: name,
      format: "mariadb-dump | gzip",
      mariadb,
      untransacted,
    });
    expect(dump).not.toHaveProperty("postgres");
    expect(restore.slice(1)).toEqual([`gunzip -c ${name} | mariadb`]);
    expect(needs).toBe("MariaDB 10.11 or newer and its client");
    expect((await ask(`${AT}/${name}`)).statusCode).toBe(302);
    expect(dumps.signed).toEqual([expect.stringContaining(` ${name}`)]);
    expect((await ask(`${AT}/${FILE}`)).statusCode).toBe(404);
  });

  it("leads to the very versions that were paired with the dump when it was made", async () => {
    const { ask, files, dumps, accesses } = desk();
    const paths = [`${AT}/files.json.gz`, `${AT}/paths.txt`, IT];
    const answers = await Promise.all(paths.map((path) => ask(path)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([302, 302, 302]);
    expect(files.signed).toEqual([
      "GET manifests/acme/sla-acme-1.json.gz acme-2026-11-22T1400Z.files.json.gz @m1",
      "GET paths/acme/sla-acme-1.txt acme-2026-11-22T1400Z.paths.txt @p1",
      `GET files/acme/1a/1a0f ü.pdf 1a0f ü.pdf @${VERSION}`,
    ]);
    expect(dumps.signed).toEqual([]);
    expect(accesses().map((each) => each?.paper)).toEqual(["files.json.gz", "paths.txt"]);
  });

  it("leads to the same where a gateway has decoded its path", async () => {
    const { ask, files } = desk();
    await ask(decodeURIComponent(IT));
    expect(files.signed).toEqual([`GET files/acme/1a/1a0f ü.pdf 1a0f ü.pdf @${VERSION}`]);
  });

  it("says so where no files belong to it, and leads to none", async () => {
    const { ask, files } = desk({}, WITHOUT);
    expect(JSON.parse((await ask(`${AT}/archive.json`)).body).files).toBeNull();
    for (const path of [`${AT}/files.json.gz`, `${AT}/paths.txt`, IT]) {
      expect((await ask(path)).statusCode).toBe(404);
    }
    expect(files.signed).toEqual([]);
  });

  it("leads to files whose paths nobody has listed, but to no list of them", async () => {
    const { ask, files } = desk({}, { ...ARCHIVE, files: { manifest: "m1" } });
    const { body } = await ask(`${AT}/archive.json`);
    expect(Object.keys(JSON.parse(body).files)).toEqual(["manifest", "each"]);
    expect((await ask(`${AT}/paths.txt`)).statusCode).toBe(404);
    await ask(`${AT}/files.json.gz`);
    expect(files.signed).toEqual([expect.stringMatching(/ @m1$/)]);
  });

  it.each([
    ["another manifest", { archive: { ...ARCHIVE, files: { manifest: "m2", paths: "p1" } } }],
    ["files where it had none", { archive: ARCHIVE }, WITHOUT],
    ["none where it had files", { archive: WITHOUT }],
    ["another sum", { sha256: "ab".repeat(32) }],
    ["another size", { bytes: 1 }],
    ["another instance", { instance: "birch" }],
    ["more time", { until: "2036-11-22T00:00:00.000Z" }],
  ])("that was given %s leads nowhere", async (_what, changes, archive = ARCHIVE) => {
    const { ask, files, dumps, accesses, fetches } = desk(changes, archive);
    for (const path of [AT, `${AT}/archive.json`, `${AT}/files.json.gz`, IT]) {
      expect(await ask(path)).toMatchObject({ statusCode: 404, body: "not found\n" });
    }
    expect([...files.signed, ...dumps.signed]).toEqual([]);
    expect(accesses().map((each) => each?.outcome)).toEqual(Array(3).fill("tampered"));
    expect(fetches()).toMatchObject([{ led: 0, refused: 1 }]);
  });

  it("law: whatever its path is, only acme's own files are led to, each by its version", async () => {
    const other = OTHER_TOKEN.slice(6);
    const piece = fc.constantFrom(
      ...["/", "..", "%2e%2e", "%2f", "%5c", "\\", ".", "?", "%00", "~25", "~7E", "~", "ü", "\n"],
      ...["files", "acme", "birch", VERSION, "1a0f", "paths.txt", "files.json.gz", other],
    );
    let led = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const { ask, files, dumps } = desk();
        await ask(`${AT}/files/${pieces.join("")}`);
        const below = await ask(`${AT}/files/${VERSION}/${pieces.join("")}`);
        expect([302, 400, 404]).toContain(below.statusCode);
        for (const signed of files.signed) {
          expect(signed).toMatch(/^GET files\/acme\/.+ @[^/]+$/s);
          expect(signed.split(" ")[1]?.split("/")).not.toContain("..");
        }
        expect(dumps.signed).toEqual([]);
        led += files.signed.length;
      }),
      {
        numRuns: 2000,
        examples: [[["..", "/", "birch"]], [["1a0f", "/", "..", "/", "..", "%2f", "birch"]]],
      },
    );
    expect(led).toBeGreaterThan(0);
  });

  it.each([
    ["another's link for this instance", `/d/${OTHER_TOKEN.replace("birch", "acme")}`],
    ["its own for another instance", `/d/${TOKEN.replace("acme", "birch")}`],
    ["a token nobody made", `/d/acme.${"A".repeat(43)}`],
  ])("%s finds no file and leaves nothing", async (_what, link) => {
    const { ask, files, ledger } = desk();
    for (const rest of ["archive.json", "files.json.gz", "paths.txt", `files/${filePath(ONE)}`]) {
      expect((await ask(`${link}/${rest}`)).statusCode).toBe(404);
    }
    expect(files.signed).toEqual([]);
    expect([...ledger.keys("accesses/"), ...ledger.keys("fetches/")]).toEqual([]);
  });
});

describe("single files", () => {
  it("are one record a day, written a few times, however many they are", async () => {
    const { ask, ledger, fetches, clock } = desk();
    const before = ledger.requests.put;
    for (let n = 0; n < 3000; n++) {
      if (n % 100 === 0) await clock.until(new Date(Date.parse(NOW) + n * 100));
      await ask(IT);
    }
    expect(fetches()).toMatchObject([
      {
        ...{ instance: "acme", backup: "sla-acme-1", day: "2026-11-23", refused: 0 },
        from: [{ address: "192.0.2.7", agent: "curl/8.5 x: y" }],
      },
    ]);
    const [{ led = 0 } = {}] = fetches();
    expect(led).toBeGreaterThan(2000);
    expect(led).toBeLessThanOrEqual(3000);
    // Five minutes.
    expect(ledger.requests.put - before).toBeLessThan(12);
    expect(ledger.keys("accesses/")).toEqual([]);
  });

  it("are led to nobody who is not written down yet", async () => {
    const { ask, fetches, ledger } = desk();
    await ask(IT, "GET", "192.0.2.7");
    await ask(IT, "GET", "198.51.100.9");
    expect(fetches()[0]?.from.map(({ address }) => address)).toEqual(["192.0.2.7", "198.51.100.9"]);
    ledger.create = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "no answer");
    };
    await expect(ask(IT, "GET", "203.0.113.5")).rejects.toMatchObject({ code: "CloudUnreachable" });
  });

  it("that are refused are written down, by the first of them", async () => {
    const { ask, fetches, clock } = desk();
    await ask(IT);
    await clock.until(new Date("2026-11-29T15:00:00.000Z"));
    for (let n = 0; n < 50; n++) expect((await ask(IT)).statusCode).toBe(404);
    expect(fetches()).toMatchObject([
      { day: "2026-11-23", led: 1, refused: 0 },
      { day: "2026-11-29", led: 0, refused: 1 },
    ]);
  });

  it("are added up by several containers, and none of them takes away what another counted", async () => {
    const { ask, fetches, anew } = desk();
    for (let n = 0; n < 5; n++) {
      await ask(IT);
      anew();
    }
    expect(fetches()).toMatchObject([{ led: 5 }]);
  });

  it("from a thousand addresses leave a record that ends", async () => {
    const { ask, fetches } = desk();
    for (let n = 0; n < 1000; n++) await ask(IT, "GET", `2001:db8::${n}`);
    expect(fetches()[0]).toMatchObject({ led: 1000 });
    expect(fetches()[0]?.from).toHaveLength(50);
  });
});
