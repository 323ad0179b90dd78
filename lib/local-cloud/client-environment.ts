import { fileURLToPath } from "node:url";

export interface ClientNetwork {
  /** `127.a.b.c` or `127.a.b.c:port`; port 53 is served at 8053. */
  readonly dnsServers: readonly string[];
  /** PEM file of the local certificate authority. */
  readonly caFile: string;
  /** Address that outgoing connections come from: what the security groups of a VPC see. */
  readonly source?: string;
  /** Where Node keeps compiled modules between processes. @default `.cache/node` of the checkout */
  readonly compileCache?: string;
}

const LAYER = new URL("./processes/network-layer.ts", import.meta.url);
const COMPILE_CACHE = fileURLToPath(new URL("../../.cache/node", import.meta.url));

/**
 * Environment of a Node process that sees the local cloud as its network. The compile cache is not a
 * nicety: without it every process strips the layer's types anew, which takes longer than its start.
 */
export function clientEnvironment(network: ClientNetwork): Record<string, string> {
  const { dnsServers, caFile, source, compileCache = COMPILE_CACHE } = network;
  if (dnsServers.length === 0) {
    throw new RangeError("clientEnvironment: expected at least one DNS server, got none");
  }
  return {
    // A URL, because NODE_OPTIONS splits at spaces and a checkout may lie below some.
    NODE_OPTIONS: `--import=${LAYER.href}`,
    NODE_COMPILE_CACHE: compileCache,
    NODE_EXTRA_CA_CERTS: caFile,
    SLA_LOCAL_DNS: dnsServers.join(","),
    ...(source !== undefined && { SLA_LOCAL_SOURCE: source }),
  };
}
