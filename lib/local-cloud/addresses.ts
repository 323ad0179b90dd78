import { createServer, type Server } from "node:net";

/** Loopback addresses of one run: each endpoint has its own, with its real port. */
export interface Addresses {
  /** An address nobody else of this run has. `label` says whose it is when there is none left. */
  next(label: string): string;
  /** The B of 127.B.0.0/16. */
  readonly block: number;
  /** Lets another run have the block. */
  release(): Promise<void>;
}

const FIRST_BLOCK = 20;
const LAST_BLOCK = 219;
/** A socket listening here is the claim on the block; the system drops it when the process ends. */
const CLAIM = { host: "255.254", port: 8999 };
/** Third octet left to name servers. */
const RESERVED = 53;

/** AWS ports below 1024 need no privilege here: 443 is served at 8443, 53 at 8053; 5432 stays. */
export const localPort = (port: number) => (port < 1024 ? port + 8000 : port);

/**
 * Claims the first free block of 65,536 loopback addresses.
 *
 * @throws Error if the platform has no addresses beyond 127.0.0.1, or every block is taken.
 */
export async function claimAddresses(): Promise<Addresses> {
  for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block++) {
    const claim = await claimBlock(block);
    if (claim) return addressesOf(block, claim);
  }
  throw new Error(
    `addresses: every block from 127.${FIRST_BLOCK} to 127.${LAST_BLOCK} is claimed (port ${CLAIM.port} of 127.B.${CLAIM.host}): end another run first`,
  );
}

async function claimBlock(block: number): Promise<Server | undefined> {
  const address = `127.${block}.${CLAIM.host}`;
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen({ host: address, port: CLAIM.port, exclusive: true }, done);
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return undefined;
    throw new Error(unusable(address, code), { cause });
  }
  server.unref();
  return server;
}

function unusable(address: string, code: string | undefined): string {
  if (code !== "EADDRNOTAVAIL") return `addresses: cannot listen on ${address}: ${code}`;
  return `addresses: ${address} does not exist on this machine: the local cloud needs all of 127.0.0.0/8, as Linux has it; on macOS add each address with 'sudo ifconfig lo0 alias ${address}'`;
}

function addressesOf(block: number, claim: Server): Addresses {
  let last = 255;
  return {
    block,
    next(label) {
      do last++;
      while (last >> 8 === RESERVED || (last & 255) === 0 || (last & 255) === 255);
      if (last >> 8 >= 255)
        throw new Error(`addresses: 127.${block}.0.0/16 has none left for ${label}`);
      return `127.${block}.${last >> 8}.${last & 255}`;
    },
    release: () => new Promise((done) => void claim.close(() => done())),
  };
}
