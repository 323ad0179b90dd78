import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { decode, encode, type Packet, RECURSION_DESIRED, streamEncode } from "dns-packet";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { DnsServer } from "../../../lib/local-cloud/dns/server.ts";
import type { DnsZone, ServedAlias, ServedSet } from "../../../lib/local-cloud/dns/zone-source.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";

const ADDRESSES = ["127.99.53.1", "127.99.53.2"];
const PORT = 18053;
const ZONE = "example.ch";
const SOA = "ns-1.awsdns-local.com. hostmaster.example.ch. 1 7200 900 1209600 86400";

const records = new Map<string, ServedSet | ServedAlias>();
const zone: DnsZone = {
  name: ZONE,
  find: (name, type) => records.get(`${name} ${type}`),
  exists: (name) =>
    [...records.keys()].some((key) => key.startsWith(`${name} `) || key.includes(`.${name} `)),
};

let dns: DnsServer;
const resolver = new Resolver({ timeout: 500, tries: 2 });

beforeEach(async () => {
  records.clear();
  records.set(`${ZONE} SOA`, { ttlSeconds: 900, values: [SOA] });
  dns = new DnsServer({ pace: new Pace(60) });
  dns.useZones({ zoneOf: (name) => (name.endsWith(ZONE) ? zone : undefined) });
  await dns.listen(ADDRESSES, PORT);
  resolver.setServers([`${ADDRESSES[0]}:${PORT}`]);
});
afterEach(() => dns.close());

const set = (key: string, ttlSeconds: number, ...values: string[]) =>
  records.set(key, { ttlSeconds, values });

/** One question over UDP, as bytes. */
async function exchange(bytes: Uint8Array, address = ADDRESSES[0]): Promise<Packet> {
  const socket = createSocket("udp4");
  const message = once(socket, "message");
  socket.send(bytes, PORT, address);
  const [answer] = await message;
  socket.close();
  return decode(answer);
}

const question = (name: string, type: "A" | "TXT" = "A", more: Packet = {}) =>
  encode({ type: "query", id: 7, questions: [{ name, type }], ...more });

describe("the DNS server", () => {
  it("follows a CNAME of a zone to a host name of AWS", async () => {
    set("db.example.ch CNAME", 60, "acme-db.abc.eu-central-2.rds.amazonaws.com.");
    dns.set("acme-db.abc.eu-central-2.rds.amazonaws.com", "127.99.0.7", 5);
    expect(await resolver.resolve4("db.example.ch")).toEqual(["127.99.0.7"]);
    expect(await resolver.resolveCname("DB.example.ch")).toEqual([
      "acme-db.abc.eu-central-2.rds.amazonaws.com",
    ]);
  });

  test.for([
    [60, 1],
    [5, 1],
    [61, 2],
    [90, 2],
    [900, 15],
  ])("answers a configured TTL of %i s with %i s at pace 60", async ([configured, answered]) => {
    set("a.example.ch A", configured ?? 0, "127.99.0.1");
    const answers = await resolver.resolve4("a.example.ch", { ttl: true });
    expect(answers).toEqual([{ address: "127.99.0.1", ttl: answered }]);
  });

  it("tells a name without such records from a name that does not exist", async () => {
    set("a.example.ch A", 60, "127.99.0.1");
    await expect(resolver.resolveMx("a.example.ch")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("b.example.ch")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolve4("a.other.ch")).rejects.toMatchObject({ code: "ENOTFOUND" });
    const nothing = await exchange(question("b.example.ch"));
    expect(nothing.authorities).toMatchObject([{ type: "SOA", name: ZONE, ttl: 15 }]);
  });

  it("answers a broken chain with the CNAME and the code of its last name", async () => {
    set("a.example.ch CNAME", 60, "gone.example.ch.");
    const answer = await exchange(question("a.example.ch"));
    expect(answer).toMatchObject({ rcode: "NXDOMAIN", answers: [{ type: "CNAME" }] });
  });

  it("gives up on a CNAME that points to itself", async () => {
    set("a.example.ch CNAME", 60, "a.example.ch.");
    await expect(resolver.resolve4("a.example.ch")).rejects.toMatchObject({ code: "ESERVFAIL" });
  });

  it("answers an alias with its target's addresses under the asked name", async () => {
    records.set("app.example.ch A", { alias: "acme-1.elb.example." });
    dns.set("acme-1.elb.example", "127.99.0.9", 60);
    const answer = await exchange(question("app.example.ch"));
    expect(answer.answers).toMatchObject([
      { name: "app.example.ch", type: "A", data: "127.99.0.9" },
    ]);
  });

  it("forgets a host name that was removed", async () => {
    dns.set("gone.elb.example", "127.99.0.9", 60);
    dns.remove("gone.elb.example");
    await expect(resolver.resolve4("gone.elb.example")).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
  });

  it("names its name servers, and the names lead to its addresses", async () => {
    const addresses = await Promise.all(dns.nameServers.map((name) => resolver.resolve4(name)));
    expect(addresses.flat()).toEqual(ADDRESSES);
  });

  it("truncates what does not fit and answers it over TCP", async () => {
    const long = Array.from({ length: 6 }, (_, n) => `"${String(n).repeat(200)}"`);
    set("long.example.ch TXT", 60, ...long);
    const truncated = await exchange(question("long.example.ch", "TXT"));
    expect(truncated).toMatchObject({ flag_tc: true, answers: [] });
    const texts = await resolver.resolveTxt("long.example.ch");
    expect(texts.map(([text]) => text?.length)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it("serves several questions on one TCP connection, however they are cut", async () => {
    set("a.example.ch A", 60, "127.99.0.1");
    const socket = connect(PORT, ADDRESSES[1]);
    const query: Packet = {
      type: "query",
      id: 9,
      questions: [{ name: "a.example.ch", type: "A" }],
    };
    const bytes = Buffer.concat([streamEncode(query), streamEncode({ ...query, id: 10 })]);
    socket.write(bytes.subarray(0, 20));
    socket.write(bytes.subarray(20));
    const ids: unknown[] = [];
    let rest = Buffer.alloc(0);
    for await (const part of socket) {
      rest = Buffer.concat([rest, part]);
      while (rest.length > 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
        ids.push(decode(rest.subarray(2)).id);
        rest = rest.subarray(2 + rest.readUInt16BE(0));
      }
      if (ids.length === 2) break;
    }
    expect(ids).toEqual([9, 10]);
  });

  it("tolerates EDNS and ignores noise", async () => {
    set("a.example.ch A", 60, "127.99.0.1");
    const noise = createSocket("udp4");
    await new Promise((sent) => noise.send(Buffer.from([1, 2, 3]), PORT, ADDRESSES[0], sent));
    await new Promise((sent) => noise.send(Buffer.alloc(0), PORT, ADDRESSES[0], sent));
    noise.close();
    const opt = { type: "OPT", name: ".", udpPayloadSize: 4096 } as never;
    const answer = await exchange(
      question("a.example.ch", "A", { flags: RECURSION_DESIRED, additionals: [opt] }),
    );
    expect(answer).toMatchObject({
      id: 7,
      flag_aa: true,
      flag_rd: true,
      answers: [{ data: "127.99.0.1" }],
      additionals: [{ type: "OPT" }],
    });
  });

  it("answers a record that cannot be written with a failure and goes on", async () => {
    set("bad.example.ch SRV", 60, "70000 1 1 a.example.ch.");
    set("a.example.ch A", 60, "127.99.0.1");
    await expect(resolver.resolveSrv("bad.example.ch")).rejects.toMatchObject({
      code: "ESERVFAIL",
    });
    expect(await resolver.resolve4("a.example.ch")).toEqual(["127.99.0.1"]);
    expect(() => dns.set("six.example.ch", "::1", 5)).toThrow(
      /expected an IPv4 address, got '::1'/,
    );
  });

  it("says in one line that an address is taken, and leaves nothing open", async () => {
    const second = new DnsServer({ pace: new Pace(1) });
    const clash = second.listen(["127.99.53.3", "127.99.53.1"], PORT);
    await expect(clash).rejects.toThrow(/^dns: cannot serve 127\.99\.53\.1:18053 .*EADDRINUSE/);
    const third = new DnsServer({ pace: new Pace(1) });
    await third.listen(["127.99.53.3"], PORT);
    await third.close();
  });
});
