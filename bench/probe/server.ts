// Answers every request with a page of 8 KB, over http and https; tells its parent where.
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority } from "../../lib/local-cloud/certificates.ts";

export interface Served {
  readonly address: string;
  readonly http: number;
  readonly https: number;
  readonly caPem: string;
}

const ADDRESS = "127.0.0.1";
const PAGE = `${"status page ".repeat(700)}healthy`;

const authority = await createAuthority();
const { certPem, keyPem } = await authority.issue([ADDRESS]);
const http = createHttpServer((_, response) => response.end(PAGE));
const https = createHttpsServer({ cert: certPem, key: keyPem }, (_, response) =>
  response.end(PAGE),
);
for (const server of [http, https]) {
  server.listen(0, ADDRESS);
  await once(server, "listening");
}
process.send?.({
  address: ADDRESS,
  http: (http.address() as AddressInfo).port,
  https: (https.address() as AddressInfo).port,
  caPem: authority.caPem,
} satisfies Served);
