import { createServer as createPlain, type Server, type Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { SUITES } from "../../../functions/live/client-hello.ts";
import { isTaken, replyOf } from "../../../functions/live/server-hello.ts";
import { scanTls } from "../../../functions/live/tls-scan.ts";
import { tlsHandshakes } from "../../../functions/probe/tls-look.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { gradeOf, type TlsScan } from "../../../lib/sla/live/tls-grade.ts";

const CLOCK = clockFrom({ SLA_PACE: "10" });
const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.on("error", () => undefined).on("connection", (socket) => void sockets.push(socket));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `https://127.0.0.1:${(server.address() as { readonly port: number }).port}/`;
}

const scanned = async (server: Server) =>
  (await scanTls(await listening(server), CLOCK, tlsHandshakes(CLOCK))) as TlsScan;

const taken = (answers: TlsScan["versions"] | TlsScan["families"]) =>
  Object.entries(answers).flatMap(([name, isTaken]) => (isTaken ? [name] : []));

/** What this build of OpenSSL serves of it. */
const tlsServer = (options: TlsOptions) =>
  createServer(options).on("tlsClientError", () => undefined) as unknown as Server;

describe("a scan", () => {
  let own: TlsOptions = {};
  beforeAll(async () => {
    const { keyPem: key, certPem: cert } = await (await createAuthority()).issue([
      "server.example",
    ]);
    own = { key, cert };
  });

  it("finds today's protocols and ciphers alone", async () => {
    const scan = await scanned(tlsServer(own));
    expect(taken(scan.versions)).toEqual(["TLSv1.2", "TLSv1.3"]);
    expect(taken(scan.families)).toContain("AEAD with forward secrecy");
    expect(scan.families).toMatchObject({ NULL: false, RC4: false, "3DES": false, EXPORT: false });
    expect(scan.trouble).toBeDefined();
    const { trouble: _untrusted, ...rest } = scan;
    expect(gradeOf(rest)).toEqual({ grade: "A", because: [] });
  });

  it("finds what a server takes that nobody should", async () => {
    const scan = await scanned(
      tlsServer({
        ...own,
        minVersion: "TLSv1",
        maxVersion: "TLSv1.2",
        ciphers: "ALL:eNULL:@SECLEVEL=0",
      }),
    );
    expect(taken(scan.versions)).toEqual(["TLSv1", "TLSv1.1", "TLSv1.2"]);
    expect(taken(scan.families)).toContain("NULL");
    expect(gradeOf(scan)?.because).toContain("takes NULL ciphers, which hide nothing");
  });

  it("tells one version from all others", async () => {
    const scan = await scanned(tlsServer({ ...own, minVersion: "TLSv1.3" }));
    expect(taken(scan.versions)).toEqual(["TLSv1.3"]);
    expect(scan.families).toEqual({});
  });

  it("is not fooled by what is no TLS, by who hangs up, or by who says nothing", async () => {
    const noise = await scanned(
      createPlain((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    expect(taken(noise.versions)).toEqual([]);
    const rude = await scanned(createPlain((socket) => socket.destroy()));
    expect(taken(rude.versions)).toEqual([]);
    const silent = createPlain((socket) => socket.on("data", () => undefined));
    await expect(scanned(silent)).rejects.toMatchObject({ code: "CloudUnreachable" });
  });

  it("looks at nothing but https", async () => {
    expect(await scanTls("http://127.0.0.1:1/", CLOCK, tlsHandshakes(CLOCK))).toBe(undefined);
  });
});

describe("a server's answer", () => {
  const bytes = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
  const hello = (suite: string, version = "0303") =>
    bytes(`16 0303 002a 02 000026 ${version} ${"00".repeat(32)} 00 ${suite} 00`);

  it("says version and suite", () => {
    expect(replyOf(hello("0005"))).toEqual({ is: "hello", version: 0x0303, suite: 5 });
    expect(replyOf(hello("000a", "0301"))).toEqual({ is: "hello", version: 0x0301, suite: 10 });
  });

  it("is waited for until all of it has come", () => {
    const whole = hello("0005");
    for (let length = 0; length < whole.length; length += 1) {
      expect(replyOf(whole.subarray(0, length)), `${length} bytes`).toBe(undefined);
    }
  });

  it.each([
    ["an alert", "15 0303 0002 02 28", { is: "refusal" }],
    ["HTTP", "48 54 54 50 2f", { is: "noise" }],
    ["one byte of anything", "48", { is: "noise" }],
    ["another message", "16 0303 0004 0e 000000", { is: "noise" }],
    ["a hello that breaks off", "16 0303 0006 02 000002 0303", { is: "noise" }],
    [
      "a session longer than the rest",
      `16 0303 0027 02 000023 0303 ${"00".repeat(32)} ff`,
      { is: "noise" },
    ],
  ])("that is %s is no hello", (_what, hex, reply) => {
    expect(replyOf(bytes(hex))).toEqual(reply);
  });

  it("counts only if it is what was offered", () => {
    const reply = { is: "hello", version: 0x0303, suite: 5 } as const;
    expect(isTaken(reply, "TLSv1.2", SUITES.RC4)).toBe(true);
    expect(isTaken(reply, "TLSv1.2", SUITES["3DES"])).toBe(false);
    expect(isTaken(reply, "TLSv1.1", SUITES.RC4)).toBe(false);
  });

  it("of TLS 1.3 says its version in an extension", () => {
    const extensions = "000a 0033 0000 002b 0002 0304";
    const body = `0303 ${"00".repeat(32)} 00 1301 00 ${extensions}`;
    const length = bytes(body).length;
    const record = bytes(
      `16 0303 ${(length + 4).toString(16).padStart(4, "0")} 02 ${length.toString(16).padStart(6, "0")} ${body}`,
    );
    expect(replyOf(record)).toEqual({ is: "hello", version: 0x0304, suite: 0x1301 });
  });
});
