import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import {
  createServer,
  getCACertificates,
  setDefaultCACertificates,
  type TlsOptions,
} from "node:tls";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { tlsHandshakes } from "../../../functions/probe/tls-look.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";

const ADDRESS = "127.96.0.2";
const PATIENCE = { connectSeconds: 3, answerSeconds: 5 };
const handshakes = tlsHandshakes(clockFrom({}));
const impatient = tlsHandshakes(clockFrom({ SLA_PACE: "1000" }));

const servers: Server[] = [];
const sockets = new Set<Socket>();
const trusted = getCACertificates("default");
const ports = { modern: 0, old: 0, both: 0, expired: 0, misnamed: 0, foreign: 0, mute: 0 };

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((done) => server.listen(0, ADDRESS, done));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const [ours, others] = await Promise.all([createAuthority(), createAuthority()]);
  setDefaultCACertificates([...trusted, ours.caPem]);
  const serve = ({ certPem, keyPem }: { certPem: string; keyPem: string }, more: TlsOptions = {}) =>
    listen(createServer({ cert: certPem, key: keyPem, ...more }));
  const sound = await ours.issue([ADDRESS], { days: 20 });
  const ciphers = "ALL:@SECLEVEL=0";
  ports.modern = await serve(sound);
  ports.old = await serve(sound, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers });
  ports.both = await serve(sound, { minVersion: "TLSv1.1", ciphers });
  ports.expired = await serve(await ours.issue([ADDRESS], { days: -1 }));
  ports.misnamed = await serve(await ours.issue(["other.example.ch"]));
  ports.foreign = await serve(await others.issue([ADDRESS]));
  ports.mute = await listen(createTcpServer((socket) => socket.resume()));
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

const look = (server: keyof typeof ports, by = handshakes) =>
  by.look(`https://${ADDRESS}:${ports[server]}/health`, PATIENCE);

describe("a look at the TLS of an application", () => {
  it("says what is spoken, until when the certificate is good, and how long its key is", async () => {
    const seen = await look("modern");
    expect(seen).toEqual({
      ...{ protocol: "TLSv1.3", cipher: expect.stringMatching(/^TLS_AES/), bits: 3072 },
      certificateEnds: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const days = (Date.parse(seen?.certificateEnds ?? "") - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(20);
  });

  test.for([
    ["old", { outdated: ["TLSv1", "TLSv1.1"], trouble: expect.stringMatching(/^no TLS/) }],
    ["both", { protocol: "TLSv1.3", outdated: ["TLSv1.1"] }],
    ["expired", { protocol: "TLSv1.3", trouble: "certificate expired" }],
    ["misnamed", { protocol: "TLSv1.3", trouble: "certificate is for another name" }],
    ["foreign", { protocol: "TLSv1.3", trouble: "certificate not trusted" }],
  ] as const)("names what is wrong with a server that is %s", async ([server, expected]) => {
    expect(await look(server)).toMatchObject(expected);
  });

  it("waits no longer than a look does, and calls silence no trouble of TLS", async () => {
    expect(await look("mute", impatient)).toBeUndefined();
  });

  it("has nothing to say of plain HTTP, of nobody, and of what is no URL", async () => {
    for (const url of [`http://${ADDRESS}/`, `https://${ADDRESS}:1/`, "acme"])
      expect(await handshakes.look(url, PATIENCE)).toBeUndefined();
  });
});
