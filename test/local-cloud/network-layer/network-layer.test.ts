import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { clientEnvironment } from "../../../lib/local-cloud/client-environment.ts";
import { DnsServer } from "../../../lib/local-cloud/dns/server.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";
import { inLocalCloud } from "./child.ts";

const NAME_SERVER = "127.98.53.1";
const NAME = "acme.example.ch";
const layerFile = join(import.meta.dirname, "../../../lib/local-cloud/processes/network-layer.ts");

const dns = new DnsServer({ pace: new Pace(60) });
let directory: string;
let servers: { close(): unknown }[] = [];
let network: { dnsServers: string[]; caFile: string; compileCache: string };

const listen = (server: Server | ReturnType<typeof createHttpServer>, port: number, at: string) =>
  new Promise<void>((done) => server.listen(port, at, done));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "network-layer-"));
  const authority = await createAuthority();
  const { certPem, keyPem } = await authority.issue([NAME]);
  network = {
    dnsServers: [NAME_SERVER],
    caFile: join(directory, "ca.pem"),
    compileCache: join(directory, "compiled"),
  };
  await writeFile(network.caFile, authority.caPem);
  await dns.listen([NAME_SERVER], 8053);
  dns.set(NAME, "127.98.0.1", 60);

  const secure = createServer({ cert: certPem, key: keyPem }, (request, response) =>
    response.end(`${request.headers.host} secure`),
  );
  const plain = ["127.98.0.1", "127.98.0.2"].map((address) => ({
    address,
    server: createHttpServer((request, response) =>
      response.end(`${address} asked by ${request.socket.remoteAddress}`),
    ),
  }));
  await listen(secure, 8443, "127.98.0.1");
  await Promise.all(plain.map(({ address, server }) => listen(server, 8080, address)));
  servers = [secure, ...plain.map(({ server }) => server)];
});

afterAll(async () => {
  for (const server of servers) server.close();
  await dns.close();
  await rm(directory, { recursive: true, force: true });
});

const print = (expression: string) => `console.log(JSON.stringify(${expression}));`;

describe("a process with the network layer", () => {
  it("fetches https from the usual port and trusts the local authority", async () => {
    const fetched = print(`await (await fetch("https://${NAME}/")).text()`);
    expect(await inLocalCloud(network, fetched)).toBe(`${NAME} secure`);
  });

  it("reaches port 80 through node:http as well", async () => {
    const source = `
      import { get } from "node:http";
      const answer = await new Promise((done, fail) => get("http://${NAME}/", done).on("error", fail));
      let body = "";
      for await (const part of answer) body += part;
      ${print("body")}`;
    expect(await inLocalCloud(network, source)).toBe("127.98.0.1 asked by 127.0.0.1");
  });

  it("connects from the source address it is given", async () => {
    const fetched = print(`await (await fetch("http://127.98.0.1/")).text()`);
    expect(await inLocalCloud({ ...network, source: "127.98.9.9" }, fetched)).toBe(
      "127.98.0.1 asked by 127.98.9.9",
    );
  });

  it("leaves higher ports and positional arguments as they are", async () => {
    const server = createTcpServer((socket) => socket.end("hello"));
    await new Promise<void>((done) => server.listen(0, "127.98.0.1", done));
    const { port } = server.address() as AddressInfo;
    const source = `
      import { connect, Socket } from "node:net";
      import { text } from "node:stream/consumers";
      const first = await text(connect(${port}, "${NAME}"));
      const second = await text(new Socket().connect({ port: ${port}, host: "${NAME}" }));
      ${print("[first, second]")}`;
    expect(await inLocalCloud(network, source)).toEqual(["hello", "hello"]);
    server.close();
  });

  it("looks names up in every way Node offers", async () => {
    const source = `
      import dns, { lookup } from "node:dns";
      import { promisify } from "node:util";
      import promises from "node:dns/promises";
      const own = (ask) => new Promise((done) => ask((error, ...found) => done(error?.code ?? found)));
      ${print(`[
        await own((done) => lookup("${NAME}", done)),
        await own((done) => lookup("${NAME}", { all: true }, done)),
        await own((done) => lookup("${NAME}", { family: 6 }, done)),
        await own((done) => lookup("localhost", 4, done)),
        await own((done) => lookup("127.0.0.9", done)),
        await promises.lookup("${NAME}"),
        await promisify(dns.lookup)("${NAME}"),
        await promises.lookup("no.such.example").catch(({ code, syscall }) => [code, syscall]),
        await promises.resolve4("${NAME}"),
      ]`)}`;
    const found = { address: "127.98.0.1", family: 4 };
    expect(await inLocalCloud(network, source)).toEqual([
      ["127.98.0.1", 4],
      [[found]],
      "ENOTFOUND",
      ["127.0.0.1", 4],
      ["127.0.0.9", 4],
      found,
      found,
      ["ENOTFOUND", "getaddrinfo"],
      ["127.98.0.1"],
    ]);
  });

  it("lets resolvers ask a name server by its address alone", async () => {
    const source = `
      import dns from "node:dns";
      import { Resolver } from "node:dns/promises";
      const told = new Resolver();
      told.setServers(["${NAME_SERVER}"]);
      const untold = new Resolver();
      const old = new dns.Resolver();
      old.setServers(["${NAME_SERVER}:53"]);
      const asked = await new Promise((done) => old.resolve4("${NAME}", (_, found) => done(found)));
      ${print(`[await told.resolve4("${NAME}"), await untold.resolve4("${NAME}"), asked]`)}`;
    const expected = [["127.98.0.1"], ["127.98.0.1"], ["127.98.0.1"]];
    expect(await inLocalCloud(network, source)).toEqual(expected);
  });

  it("keeps an answer for its TTL and asks again after it", async () => {
    dns.set("flips.example.ch", "127.98.0.1", 120);
    const flip = createHttpServer((_, response) => {
      dns.set("flips.example.ch", "127.98.0.2", 60);
      response.end();
    });
    await listen(flip, 8080, "127.98.0.3");
    const source = `
      import { setTimeout } from "node:timers/promises";
      import { lookup } from "node:dns/promises";
      const began = performance.now();
      const seen = [(await lookup("flips.example.ch")).address];
      await (await fetch("http://127.98.0.3/")).text();
      seen.push((await lookup("flips.example.ch")).address);
      const inTime = performance.now() - began < 1900;
      let changedAfter = 0;
      while ((await lookup("flips.example.ch")).address === "127.98.0.1") await setTimeout(20);
      changedAfter = performance.now() - began;
      ${print("{ seen, inTime, changedAfter }")}`;
    const outcome = (await inLocalCloud(network, source)) as Record<string, unknown>;
    flip.close();
    expect(outcome["inTime"]).toBe(true);
    expect(outcome["seen"]).toEqual(["127.98.0.1", "127.98.0.1"]);
    expect(outcome["changedAfter"]).toBeGreaterThanOrEqual(1990);
  });

  it("says that a silent DNS is a passing fault, not a missing name", async () => {
    const source = `
      import { lookup } from "node:dns/promises";
      ${print(`await lookup("${NAME}").catch(({ code }) => code)`)}`;
    const nobody = { ...network, dnsServers: ["127.98.53.9"] };
    expect(await inLocalCloud(nobody, source)).toBe("EAI_AGAIN");
  });

  it("works below a directory with spaces in its name", async () => {
    const spaced = join(directory, "a checkout with spaces");
    await mkdir(spaced);
    await copyFile(layerFile, join(spaced, "network-layer.ts"));
    const fetched = print(`await (await fetch("https://${NAME}/")).text()`);
    const layer = pathToFileURL(join(spaced, "network-layer.ts")).href;
    expect(await inLocalCloud(network, fetched, layer)).toBe(`${NAME} secure`);
  });

  it("is refused without a DNS server", () => {
    expect(() => clientEnvironment({ ...network, dnsServers: [] })).toThrow(/at least one DNS/);
  });
});
