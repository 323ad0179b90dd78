import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Authority, createAuthority } from "../../../lib/local-cloud/certificates.ts";

let authority: Authority;
let stranger: Authority;
const servers: Server[] = [];
beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(names: readonly string[], days?: number): Promise<number> {
  const { certPem, keyPem } = await authority.issue(names, days === undefined ? {} : { days });
  const server = createServer({ cert: certPem, key: keyPem }, (socket) => socket.end("hello"));
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** `ok` or the code with which the client refuses the certificate. */
function verdict(port: number, servername: string, ca = authority.caPem): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port, servername, ca });
    socket.once("secureConnect", () => done("ok"));
    socket.once("error", (error: NodeJS.ErrnoException) => done(String(error.code)));
    socket.once("close", () => socket.destroy());
    socket.resume();
  });
}

describe("certificates", () => {
  it("is trusted for each of its names by whoever trusts the authority", async () => {
    const port = await serve(["acme.example.ch", "*.lambda.example"]);
    await expect(verdict(port, "acme.example.ch")).resolves.toBe("ok");
    await expect(verdict(port, "probe.lambda.example")).resolves.toBe("ok");
  });

  it.for([
    ["another name", "other.example.ch", 1, "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["a certificate that has expired", "acme.example.ch", -1, "CERT_HAS_EXPIRED"],
  ] as const)("is refused for %s", async ([, name, days, code]) => {
    await expect(verdict(await serve(["acme.example.ch"], days), name)).resolves.toBe(code);
  });

  it("is refused by whoever trusts another authority only", async () => {
    const port = await serve(["acme.example.ch"]);
    await expect(verdict(port, "acme.example.ch", stranger.caPem)).resolves.not.toBe("ok");
  });

  it("covers IP addresses, and names longer than a common name may be", async () => {
    const long = `${"a".repeat(60)}.cluster.eu-central-1.rds.amazonaws.com`;
    const port = await serve([long, "127.0.0.1"]);
    await expect(verdict(port, long)).resolves.toBe("ok");
    await expect(verdict(port, "")).resolves.toBe("ok");
  });

  it("needs a name", async () => {
    await expect(authority.issue([])).rejects.toThrow("expected at least one name");
  });
});
