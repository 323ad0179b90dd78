import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type Door, type DoorOptions, openDoor } from "../https-door.ts";
import { answering, type DistributionSpec, type Origin } from "./viewer.ts";

export interface DistributionsOptions extends DoorOptions {
  readonly origin: Origin;
}

/** A distribution as a person on this machine finds it. */
export interface Served {
  readonly comment: string;
  /** `https://…cloudfront.net/`, in the DNS of this cloud, by a certificate of its authority. */
  readonly url: string;
  /** The same without either, for a browser that knows neither: `http://127.0.0.1:…/`. */
  readonly plainUrl: string;
}

/** CloudFront: what a bucket holds, at a host of no region. */
export interface Distributions {
  /** The same id and host for the same name, as long as the cloud runs; a second time it is served by the new settings. */
  put(
    name: string,
    spec: DistributionSpec,
  ): Promise<{ readonly id: string; readonly host: string }>;
  /** Nothing is served there any more. */
  remove(id: string): void;
  all(): readonly Served[];
  close(): void;
}

interface Kept {
  readonly host: string;
  readonly plainUrl: string;
  readonly doors: readonly Door[];
  spec: DistributionSpec;
}

/** CloudFront has no region that could be lost. */
const NOWHERE = "global";

export function distributions(options: DistributionsOptions): Distributions {
  const kept = new Map<string, Kept>();
  return {
    async put(name, spec) {
      const id = idOf(name);
      const known = kept.get(id);
      if (known) known.spec = spec;
      else kept.set(id, await opened(`d${id.toLowerCase()}.cloudfront.net`, spec, options));
      return { id, host: kept.get(id)?.host ?? "" };
    },
    remove(id) {
      for (const door of kept.get(id)?.doors ?? []) door.close();
      kept.delete(id);
    },
    all: () =>
      [...kept.values()].map(({ host, plainUrl, spec }) => ({
        ...{ comment: spec.comment, url: `https://${spec.aliases[0] ?? host}/`, plainUrl },
      })),
    close() {
      for (const { doors } of kept.values()) for (const door of doors) door.close();
    },
  };
}

async function opened(
  host: string,
  spec: DistributionSpec,
  { origin, ...options }: DistributionsOptions,
): Promise<Kept> {
  const held = { spec };
  const answer = answering(() => held.spec, origin, options.isCutOff);
  const https = [host, ...spec.aliases].map((name) => openDoor(name, NOWHERE, options, answer));
  const plain = await plainDoor((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end());
  });
  const doors = [...(await Promise.all(https)), plain];
  return Object.assign(held, { host, doors, plainUrl: plain.url });
}

async function plainDoor(listener: RequestListener): Promise<Door & { readonly url: string }> {
  const server = createServer(listener);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await promise;
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Fourteen characters that begin with E, as AWS's ids have. */
const idOf = (name: string): string =>
  `E${BigInt(`0x${createHash("sha256").update(name).digest("hex").slice(0, 20)}`)
    .toString(36)
    .toUpperCase()
    .padStart(13, "0")
    .slice(0, 13)}`;
