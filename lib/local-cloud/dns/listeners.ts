import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

type Answer = (bytes: Buffer, transport: "udp" | "tcp") => Uint8Array | undefined;

const IDLE_TCP_MS = 10_000;

/** One address served over UDP and TCP on the same port. */
export interface Listener {
  close(): Promise<void>;
}

/** Rejects with one clear line when the address or port is taken. */
export async function listenOn(address: string, port: number, answer: Answer): Promise<Listener> {
  const udp = await udpOn(address, port, answer);
  try {
    const tcp = await tcpOn(address, port, answer);
    return {
      async close() {
        await Promise.all([new Promise<void>((done) => udp.close(done)), tcp.close()]);
      },
    };
  } catch (cause) {
    udp.close();
    throw cause;
  }
}

async function udpOn(address: string, port: number, answer: Answer): Promise<UdpSocket> {
  const socket = createSocket("udp4");
  socket.on("message", (bytes, from) => {
    const response = answer(bytes, "udp");
    // A client that has gone away is no concern of a name server.
    if (response) socket.send(response, from.port, from.address, () => undefined);
  });
  await opened(socket, address, port, () => socket.bind(port, address));
  socket.on("error", () => undefined);
  return socket;
}

async function tcpOn(address: string, port: number, answer: Answer): Promise<Listener> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    serve(socket, answer);
  });
  await opened(server, address, port, () => server.listen(port, address));
  return {
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** Each message is preceded by its length in two bytes (RFC 1035, 4.2.2). */
function serve(socket: Socket, answer: Answer): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(IDLE_TCP_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const response = answer(pending.subarray(2, end), "tcp");
      pending = pending.subarray(end);
      if (response) socket.write(Buffer.concat([lengthOf(response), response]));
    }
  });
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return length;
}

async function opened(
  socket: UdpSocket | Server,
  address: string,
  port: number,
  open: () => unknown,
) {
  const listening = once(socket, "listening");
  open();
  try {
    await listening;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `dns: cannot serve ${address}:${port} (${why}); is another local cloud using it?`,
      { cause },
    );
  }
}
