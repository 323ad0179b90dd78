// Preloaded with --import: turns the only network a process sees into the local cloud's. No name leaves
// it, and what AWS serves below port 1024 is found 8000 higher. It knows Node's own modules only, so
// that a Lambda environment starts as fast with it as without.
import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

/** Kept in step with `clientEnvironment`. */
const SERVERS = process.env["SLA_LOCAL_DNS"]?.split(",") ?? [];
const SOURCE = process.env["SLA_LOCAL_SOURCE"];

if (SERVERS.length === 0) {
  throw new Error(
    "network layer: SLA_LOCAL_DNS is missing; expected name servers as 127.a.b.c:port",
  );
}

const PRIVILEGED_PORTS = 1024;
const PORT_SHIFT = 8000;
const LOOPBACK = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;
const SERVED_DNS = `:${53 + PORT_SHIFT}`;
const QUERY = { timeout: 500, tries: 3 };

const served = (server: string) => {
  const [address = "", port = "53"] = server.split(":");
  return LOOPBACK.test(address) && port === "53" ? address + SERVED_DNS : server;
};

// Callback and promise resolvers share the class that has `setServers`.
const shared = Object.getPrototypeOf(dns.Resolver.prototype) as Pick<dns.Resolver, "setServers">;
const plainSetServers = shared.setServers;
shared.setServers = function setServers(servers) {
  plainSetServers.call(this, servers.map(served));
};

class LocalResolver extends dns.Resolver {
  constructor(options?: dns.ResolverOptions) {
    super(options);
    this.setServers(SERVERS);
  }
}

class LocalPromiseResolver extends dns.promises.Resolver {
  constructor(options?: dns.ResolverOptions) {
    super(options);
    this.setServers(SERVERS);
  }
}

const upstream = new LocalResolver(QUERY);
const cache = new Map<string, { readonly addresses: Promise<string[]>; until: number }>();

/** Asks once while an answer is on its way, and again only when its TTL has run out. Errors are not kept. */
function addressesOf(name: string): Promise<string[]> {
  const key = name.toLowerCase();
  const known = cache.get(key);
  if (known && known.until > performance.now()) return known.addresses;
  const answer = Promise.withResolvers<string[]>();
  const entry = { addresses: answer.promise, until: Number.POSITIVE_INFINITY };
  cache.set(key, entry);
  upstream.resolve4(name, { ttl: true }, (error, records) => {
    if (error) {
      cache.delete(key);
      answer.reject(error);
      return;
    }
    entry.until = performance.now() + Math.min(...records.map(({ ttl }) => ttl)) * 1000;
    answer.resolve(records.map(({ address }) => address));
  });
  return answer.promise;
}

/** What `getaddrinfo` says, whichever way the question failed: callers know these codes only. */
function notFound(hostname: string, cause: NodeJS.ErrnoException): NodeJS.ErrnoException {
  const code =
    cause.code === "ETIMEOUT" || cause.code === "ECONNREFUSED" ? "EAI_AGAIN" : "ENOTFOUND";
  const error = new Error(`getaddrinfo ${code} ${hostname}`, { cause });
  return Object.assign(error, { code, hostname, syscall: "getaddrinfo" });
}

async function lookupAll(hostname: string, family: number): Promise<LookupAddress[]> {
  const name = hostname.replace(/\.$/, "");
  const literal = net.isIP(name);
  if (literal > 0) return [{ address: name, family: literal }];
  if (name === "localhost" || name.endsWith(".localhost")) return v4(["127.0.0.1"]);
  if (family === 6) throw notFound(name, new Error("the local cloud has no IPv6 addresses"));
  const addresses = await addressesOf(name).catch((cause) => {
    throw notFound(name, cause);
  });
  return v4(addresses);
}

const v4 = (addresses: readonly string[]) => addresses.map((address) => ({ address, family: 4 }));

const familyOf = ({ family }: LookupOptions) =>
  family === "IPv6" || family === 6 ? 6 : family === "IPv4" || family === 4 ? 4 : 0;

const optionsOf = (given: unknown): LookupOptions =>
  typeof given === "number" ? { family: given } : ((given as LookupOptions | undefined) ?? {});

async function promisedLookup(hostname: string, given?: unknown) {
  const options = optionsOf(given);
  const all = await lookupAll(hostname, familyOf(options));
  return options.all ? all : all[0];
}

type Answered = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;

function lookup(hostname: string, ...rest: [unknown, Answered] | [Answered]): void {
  const callback = rest.at(-1) as Answered;
  const options = rest.length > 1 ? optionsOf(rest[0]) : {};
  lookupAll(hostname, familyOf(options)).then(
    (all) =>
      // Out of the promise, so that what the caller throws is its own uncaught exception.
      process.nextTick(() =>
        options.all ? callback(null, all) : callback(null, all[0]?.address, all[0]?.family),
      ),
    (error) => process.nextTick(callback, error),
  );
}

interface Target {
  readonly path?: string | null;
  readonly host?: string;
  readonly port?: number | string;
  readonly localAddress?: string;
}

/** Every name is a local one here; of addresses only loopback is ours to map. */
function mapped(target: Target): Target {
  const { path, port } = target;
  const host = target.host || "localhost";
  // `path` is null for HTTP agents; a real one is a socket in the file system.
  if (path || (net.isIP(host) > 0 && !LOOPBACK.test(host))) return target;
  const shift = Number(port) < PRIVILEGED_PORTS ? PORT_SHIFT : 0;
  return {
    ...target,
    port: Number(port) + shift,
    ...(SOURCE !== undefined && { localAddress: target.localAddress ?? SOURCE }),
  };
}

const plainConnect = net.Socket.prototype.connect as (
  this: net.Socket,
  ...args: unknown[]
) => net.Socket;

/** Called with a target, with port and host, or by Node itself with an array of both forms' making. */
function connect(this: net.Socket, ...args: unknown[]): net.Socket {
  const [first, second] = args;
  if (Array.isArray(first)) first[0] = mapped(first[0]);
  else if (typeof first === "object" && first !== null) args[0] = mapped(first);
  else if (Number.isInteger(Number(first))) {
    const host = typeof second === "string" ? { host: second } : {};
    const callback = args.slice(1).filter((arg) => typeof arg === "function");
    return plainConnect.call(this, mapped({ port: Number(first), ...host }), ...callback);
  }
  return plainConnect.apply(this, args);
}

dns.setServers(SERVERS.map(served));
dns.promises.setServers(SERVERS.map(served));
Object.assign(lookup, { [Symbol.for("nodejs.util.promisify.custom")]: promisedLookup });
Object.assign(dns, { lookup, Resolver: LocalResolver });
Object.assign(dns.promises, { lookup: promisedLookup, Resolver: LocalPromiseResolver });
Object.assign(net.Socket.prototype, { connect });
syncBuiltinESMExports();
