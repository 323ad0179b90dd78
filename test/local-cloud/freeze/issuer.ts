import { createServer } from "node:https";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { localPort } from "../../../lib/local-cloud/addresses.ts";
import type { LocalCloud } from "../../../lib/local-cloud/cloud.ts";
import { ISSUER } from "./frozen-site.ts";

export type Issuer = Awaited<ReturnType<typeof issuerIn>>;

/** An OpenID Connect issuer that stands in the local cloud under its name. */
export async function issuerIn({ ground }: LocalCloud) {
  const host = new URL(ISSUER).hostname;
  const keys = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "RS256" };
  const { certPem, keyPem } = await ground.authority.issue([host]);
  const server = createServer({ cert: certPem, key: keyPem }, ({ url = "" }, response) => {
    const found = url.endsWith("jwks") ? { keys: [jwk] } : { jwks_uri: `${ISSUER}/jwks` };
    response.end(JSON.stringify(found));
  });
  const address = ground.addresses.next(host);
  await new Promise<void>((done) => void server.listen(localPort(443), address, done));
  ground.dns.set(host, address, 60);
  return {
    tokenOf: (
      sub: string,
      audience = "hosting-sla",
      more: Readonly<Record<string, unknown>> = {},
    ) =>
      new SignJWT({ sub, ...more })
        .setProtectedHeader({ alg: "RS256", kid: "one" })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime("5m")
        .sign(keys.privateKey),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
