import dns from "node:dns";
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { type Clock, clockFrom } from "../../../functions/kernel/clock.ts";
import { httpProber } from "../../../functions/probe/http-prober.ts";
import { probe } from "../../../functions/probe/probe.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";

const NO_HANDSHAKES = { look: async () => undefined };
const ADDRESS = "127.96.0.1";
const PATIENCE = { connectSeconds: 20, answerSeconds: 20 };
/** Time-outs at their floor of a second. */
const clock: Clock = clockFrom({ SLA_PACE: "1000" });
const prober = httpProber(clock);

const open = new Set<Server | HttpServer>();
const sockets = new Set<Socket>();
async function listen(server: Server | HttpServer): Promise<number> {
  open.add(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, ADDRESS, done));
  return (server.address() as AddressInfo).port;
}

const PAGES: Readonly<Record<string, RequestListener>> = {
  "/good": (_, response) => response.end("all healthy"),
  "/503": (_, response) => response.writeHead(503).end("down"),
  "/moved": (_, response) => response.writeHead(302, { location: "/login" }).end(),
  "/silent": () => undefined,
  "/slow": (_, response) => response.write("all "),
  "/cut": (_, response) => response.write("all ", () => response.destroy()),
  "/late-text": (_, response) => response.end(`${"x".repeat(5115)}healthy`),
  "/early-text": (_, response) => response.end(`${"x".repeat(5113)}healthy`),
};
const serve = (request: IncomingMessage, response: Parameters<RequestListener>[1]) =>
  PAGES[request.url ?? ""]?.(request, response);

const ports = { http: 0, https: 0, expired: 0, foreign: 0, misnamed: 0, mute: 0, closed: 0 };
const trusted = getCACertificates("default");

beforeAll(async () => {
  const [ours, foreign] = await Promise.all([createAuthority(), createAuthority()]);
  setDefaultCACertificates([...trusted, ours.caPem]);
  const secure = async ({ certPem, keyPem }: Awaited<ReturnType<typeof ours.issue>>) =>
    listen(createHttpsServer({ cert: certPem, key: keyPem }, serve));
  ports.http = await listen(createHttpServer(serve));
  ports.https = await secure(await ours.issue([ADDRESS], { days: 10 }));
  ports.expired = await secure(await ours.issue([ADDRESS], { days: -1 }));
  ports.foreign = await secure(await foreign.issue([ADDRESS]));
  ports.misnamed = await secure(await ours.issue(["other.example.ch"]));
  ports.mute = await listen(createTcpServer((socket) => socket.resume()));
  const shortLived = createTcpServer();
  ports.closed = await listen(shortLived);
  await new Promise((done) => shortLived.close(done));
  open.delete(shortLived);
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  for (const socket of sockets) socket.destroy();
  for (const server of open) server.close();
});

const look = async (scheme: string, port: keyof typeof ports, path = "/good") => {
  const targets = [
    { id: "acme", url: `${scheme}://${ADDRESS}:${ports[port]}${path}`, expect: "healthy" },
  ];
  const answer = await probe(
    { targets, controls: [], ...PATIENCE },
    "eu-west-1",
    prober,
    NO_HANDSHAKES,
  );
  return answer.results[0];
};

describe("the HTTP prober", () => {
  test.for<[string, string, keyof typeof ports, string, string]>([
    ["a refused connection", "http", "closed", "/good", "refused"],
    ["a server that accepts and says nothing", "http", "mute", "/good", "no answer in 20 s"],
    ["a server that never shakes hands", "https", "mute", "/good", "no answer in 20 s"],
    ["a page that never begins", "http", "http", "/silent", "no answer in 20 s"],
    ["a page that never ends", "http", "http", "/slow", "no answer in 20 s"],
    ["a page that breaks off", "http", "http", "/cut", "connection reset"],
    ["an error page", "http", "http", "/503", "status 503"],
    ["a redirect", "http", "http", "/moved", "status 302 to /login"],
    ["a text after the first 5,120 bytes", "http", "http", "/late-text", "body lacks 'healthy'"],
    ["an expired certificate", "https", "expired", "/good", "certificate expired"],
    [
      "a certificate of an unknown authority",
      "https",
      "foreign",
      "/good",
      "certificate not trusted",
    ],
    [
      "a certificate for another name",
      "https",
      "misnamed",
      "/good",
      "certificate is for another name",
    ],
    ["a plain server behind https", "https", "http", "/good", "no TLS"],
    ["something else than HTTP", "http", "https", "/good", "connection reset|not HTTP"],
  ])("calls %s bad", async ([, scheme, port, path, reason]) => {
    expect(await look(scheme, port, path)).toMatchObject({
      good: false,
      reason: expect.stringMatching(new RegExp(`^(${reason})`)),
    });
  });

  it.each(["/good", "/early-text"])("calls %s good over http", async (path) => {
    expect(await look("http", "http", path)).toMatchObject({ good: true, status: 200 });
  });

  it("validates the certificate at every look and reports its days", async () => {
    const first = await look("https", "https");
    expect(first).toMatchObject({ good: true, status: 200, certificateDaysLeft: 9 });
    const second = await look("https", "https");
    expect(second?.certificateDaysLeft).toBe(9);
  });

  it("opens a fresh connection for each look", async () => {
    const seen = new Set<number | undefined>();
    const port = await listen(
      createHttpServer((request, response) => {
        seen.add(request.socket.remotePort);
        response.end("healthy");
      }),
    );
    const url = `http://${ADDRESS}:${port}/`;
    for (const _ of [1, 2, 3]) await prober.look(url, PATIENCE);
    expect(seen.size).toBe(3);
  });

  it("stops reading an endless body", async () => {
    let written = 0;
    const port = await listen(
      createHttpServer((_, response) => {
        const pour = () => {
          while (!response.destroyed && response.write("x".repeat(65_536))) written += 65_536;
        };
        response.on("drain", pour).on("error", () => undefined);
        pour();
      }),
    );
    const seen = await prober.look(`http://${ADDRESS}:${port}/`, PATIENCE);
    expect(seen).toMatchObject({ kind: "answered", body: "x".repeat(5120) });
    expect(written).toBeLessThan(50_000_000);
  });

  it.each([
    ["not a url", /^not a URL: 'not a url'/],
    ["ftp://example.ch/", /only http and https can be probed, not 'ftp:'/],
  ])("says what is wrong with %s", async (url, reason) => {
    expect(await prober.look(url, PATIENCE)).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(reason),
    });
  });

  it("gives up on a name that nobody answers for, within the time to connect", async () => {
    const lookup = vi.spyOn(dns, "lookup").mockImplementation((() => undefined) as never);
    const seen = await prober.look("http://silent.example.ch/", PATIENCE);
    lookup.mockRestore();
    expect(seen).toMatchObject({ kind: "failed", reason: "no connection in 20 s" });
    expect(seen.tookMs).toBeGreaterThanOrEqual(240);
  });

  it("looks at two thousand targets and leaves no connection behind", async () => {
    const targets = Array.from({ length: 2000 }, (_, n) => ({
      id: `i${n}`,
      url: `http://${ADDRESS}:${n % 100 === 0 ? ports.closed : ports.http}/good`,
    }));
    const patient = httpProber(clockFrom({}));
    const answer = await probe(
      { targets, controls: [], ...PATIENCE },
      "eu-west-1",
      patient,
      NO_HANDSHAKES,
    );
    expect(answer.results.filter(({ good }) => good)).toHaveLength(1980);
    const reasons = answer.results.flatMap(({ reason }) => reason ?? []);
    expect(new Set(reasons)).toEqual(new Set(["refused"]));
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
  });
});
