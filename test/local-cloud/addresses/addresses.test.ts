import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Addresses, claimAddresses, localPort } from "../../../lib/local-cloud/addresses.ts";

const claimed: Addresses[] = [];
const claim = async () => {
  const addresses = await claimAddresses();
  claimed.push(addresses);
  return addresses;
};
afterEach(() => Promise.all(claimed.splice(0).map((addresses) => addresses.release())));

describe("addresses", () => {
  it("gives two runs two blocks, even when they start together", async () => {
    const [one, other] = await Promise.all([claim(), claim()]);
    expect(one.block).not.toBe(other.block);
  });

  it("gives a released block to the next run", async () => {
    const first = await claimAddresses();
    await first.release();
    await expect(claim()).resolves.toMatchObject({ block: first.block });
  });

  it("never gives an address twice, nor a name server's, a network's or a broadcast one", async () => {
    const addresses = await claim();
    const given = Array.from({ length: 20_000 }, (_, at) => addresses.next(`endpoint ${at}`));
    expect(new Set(given).size).toBe(given.length);
    expect(given.filter((address) => /\.(0|255)$|^127\.\d+\.53\./.test(address))).toEqual([]);
    expect(given.every((address) => address.startsWith(`127.${addresses.block}.`))).toBe(true);
  });

  it("says whose address is missing when a block is used up", async () => {
    const addresses = await claim();
    const exhaust = () => {
      for (;;) addresses.next("acme-db in eu-central-1");
    };
    expect(exhaust).toThrow(/127\.\d+\.0\.0\/16 has none left for acme-db in eu-central-1/);
  });

  it("gives addresses a server can listen on without privilege", async () => {
    const server = createServer();
    const address = (await claim()).next("web");
    await new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen(localPort(443), address, done);
    });
    expect(server.address()).toMatchObject({ address, port: 8443 });
    await new Promise((done) => server.close(done));
  });

  it.for([
    [443, 8443],
    [53, 8053],
    [1023, 9023],
    [1024, 1024],
    [5432, 5432],
  ] as const)("serves AWS's port %i at %i", ([port, here]) => expect(localPort(port)).toBe(here));
});
