import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Addresses, claimAddresses } from "../../../lib/local-cloud/addresses.ts";
import { Gate } from "../../../lib/local-cloud/network/gate.ts";

let addresses: Addresses;
let target: Server;
let address: string;
let gate: Gate;
let admitted: boolean;
const seen: Socket[] = [];
const clients: Socket[] = [];

beforeEach(async () => {
  addresses = await claimAddresses();
  address = addresses.next("echo");
  admitted = true;
  target = createServer({ allowHalfOpen: true }, (socket) => {
    seen.push(socket);
    socket.on("error", () => {}).pipe(socket);
  });
  target.listen(15_432, address);
  await once(target, "listening");
  gate = await open();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await gate.close();
  for (const socket of seen.splice(0)) socket.destroy();
  if (target.listening) await new Promise((done) => target.close(done));
  await addresses.release();
});

const open = () =>
  Gate.open({
    address,
    port: 5432,
    target: { address, port: 15_432 },
    admits: () => admitted,
    label: "echo",
  });

async function client(from?: string): Promise<Socket> {
  const options = { host: address, port: 5432, ...(from !== undefined && { localAddress: from }) };
  const socket = connect(options).on("error", () => {});
  clients.push(socket);
  await once(socket, "connect");
  return socket;
}

const closed = (socket: Socket) =>
  new Promise<string>((done) => socket.once("close", () => done("closed")));

/** What the client hears within 150 ms: silence is what these tests are about. */
async function answer(socket: Socket, message: string): Promise<string> {
  const heard = Promise.race([
    new Promise<string>((done) => socket.once("data", (data) => done(String(data)))),
    closed(socket),
    wait(150).then(() => "silence"),
  ]);
  socket.write(message);
  return heard;
}

describe("gate", () => {
  it("passes bytes both ways, and the target sees the client's address", async () => {
    const from = addresses.next("client");
    await expect(answer(await client(from), "ping")).resolves.toBe("ping");
    expect(seen[0]?.remoteAddress).toBe(from);
  });

  it("delivers everything before an orderly end", async () => {
    const socket = await client();
    const chunks: Buffer[] = [];
    socket.on("data", (data) => chunks.push(data));
    socket.end(Buffer.alloc(3_000_000, "x"));
    await once(socket, "end");
    expect(Buffer.concat(chunks)).toHaveLength(3_000_000);
  });

  it("lets a refused connection hang without an answer, and leaves established ones alone", async () => {
    const established = await client();
    await expect(answer(established, "one")).resolves.toBe("one");
    admitted = false;
    await expect(answer(await client(), "two")).resolves.toBe("silence");
    await expect(answer(established, "three")).resolves.toBe("three");
  });

  it("holds all bytes and connections while cut, and lets them through afterwards", async () => {
    const established = await client();
    await answer(established, "before");
    gate.cut();
    const late = await client();
    await expect(Promise.all([answer(established, "a"), answer(late, "b")])).resolves.toEqual([
      "silence",
      "silence",
    ]);
    const heard = Promise.all([once(established, "data"), once(late, "data")]);
    gate.restore();
    expect((await heard).map(([data]) => String(data))).toEqual(["a", "b"]);
  });

  it("spares whom it is told to spare, those who are connected and those who come", async () => {
    const inside = addresses.next("inside");
    const [within, without] = [await client(inside), await client()];
    await Promise.all([answer(within, "before"), answer(without, "before")]);
    gate.cut((from) => from === inside);
    const late = await client(inside);
    const heard = await Promise.all([answer(within, "a"), answer(without, "b"), answer(late, "c")]);
    expect(heard).toEqual(["a", "silence", "c"]);
    const again = once(without, "data");
    gate.restore();
    expect(String((await again)[0])).toBe("b");
    await expect(answer(within, "d")).resolves.toBe("d");
  });

  it("does not tell a client while cut that its server has died", async () => {
    const socket = await client();
    await answer(socket, "before");
    gate.cut();
    for (const one of seen) one.resetAndDestroy();
    await expect(answer(socket, "anybody?")).resolves.toBe("silence");
    const end = closed(socket);
    gate.restore();
    await end;
  });

  it("resets a client quickly when nothing listens behind it", async () => {
    target.close();
    await expect(answer(await client(), "anybody?")).resolves.toBe("closed");
  });

  it("ends established connections when severed, and admits new ones", async () => {
    const socket = await client();
    await answer(socket, "before");
    const end = closed(socket);
    gate.sever();
    await end;
    await expect(answer(await client(), "again")).resolves.toBe("again");
  });

  it("says in one line that its port is taken", async () => {
    await expect(open()).rejects.toThrow(
      `echo: cannot listen on ${address}:5432: something else listens there`,
    );
  });
});
