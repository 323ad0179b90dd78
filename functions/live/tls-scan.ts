import { randomBytes } from "node:crypto";
import { isIP, Socket } from "node:net";
import { FAMILIES, type TlsScan, VERSIONS, type Version } from "../../lib/sla/live/tls-grade.ts";
import { type Clock, FLOORS } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { clientHello, SUITES } from "./client-hello.ts";
import { isTaken, type Reply, replyOf } from "./server-hello.ts";

/** Scans of one endpoint at once: some servers take many first words for an attack. */
const LANES = 3;
const ANSWER_SECONDS = 10;
const MOST_BYTES = 32_768;
const RANDOM_BYTES = 32;
const EVERY_SUITE = Object.values(SUITES).flat();

interface Place {
  readonly host: string;
  readonly port: number;
  readonly waitMs: number;
}

/** Shakes hands as a client of today does; the probe's are the real ones. Undefined: nobody shook hands. */
export interface Handshakes {
  look(
    url: string,
    patience: { readonly connectSeconds: number; readonly answerSeconds: number },
  ): Promise<Pick<TlsScan, "bits" | "trouble"> | undefined>;
}

const PATIENCE = { connectSeconds: ANSWER_SECONDS, answerSeconds: ANSWER_SECONDS } as const;

/**
 * What the server of an https URL takes: each version and each family of ciphers is offered by itself, in a client's first words of our own, since no
 * library of today says the old ones any more. Ends each connection after the answer. Undefined for what is no https URL; rejects with
 * `CloudUnreachable` where nobody says anything.
 */
export async function scanTls(
  url: string,
  clock: Clock,
  handshakes: Handshakes,
): Promise<TlsScan | undefined> {
  const { protocol, hostname = "", port } = URL.parse(url) ?? {};
  if (protocol !== "https:") return undefined;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const place = {
    ...{ host, port: Number(port || 443) },
    waitMs: clock.paced(ANSWER_SECONDS, FLOORS.probeMs * 2),
  };
  const seen = await handshakes.look(url, PATIENCE);
  const versions = await inLanes(LANES, VERSIONS, async (version) => {
    const reply = await asked(place, version, EVERY_SUITE);
    return [version, reply && isTaken(reply, version)] as const;
  });
  if (versions.every(([, taken]) => taken === undefined)) {
    throw new SlaError("CloudUnreachable", "cloud", `${host} does not answer`);
  }
  const newest = newestBelow13(versions);
  const families = await inLanes(LANES, newest === undefined ? [] : FAMILIES, async (family) => {
    const suites: readonly number[] = SUITES[family];
    const reply = newest && (await asked(place, newest, suites));
    return [family, reply && isTaken(reply, newest, suites)] as const;
  });
  return {
    versions: known(versions),
    families: known(families),
    ...(seen?.bits !== undefined && { bits: seen.bits }),
    ...(seen?.trouble !== undefined && { trouble: seen.trouble }),
  };
}

type Answers<K extends string> = readonly (readonly [K, boolean | undefined])[];

const known = <K extends string>(answers: Answers<K>): Partial<Record<K, boolean>> =>
  Object.fromEntries(answers.filter(([, taken]) => taken !== undefined)) as Partial<
    Record<K, boolean>
  >;

const newestBelow13 = (answers: Answers<Version>): Version | undefined =>
  answers.findLast(([version, taken]) => version !== "TLSv1.3" && taken)?.[0];

/** Undefined: nobody said anything in time. */
async function asked(
  { host, port, waitMs }: Place,
  version: Version,
  suites: readonly number[],
): Promise<Reply | undefined> {
  const { promise, resolve } = Promise.withResolvers<Reply | undefined>();
  const socket = new Socket();
  const timer = setTimeout(() => resolve(undefined), waitMs);
  let isOpen = false;
  let data: Buffer = Buffer.alloc(0);
  socket
    .on("connect", () => {
      isOpen = true;
      const named = isIP(host) === 0 ? { host } : {};
      socket.write(clientHello({ version, suites, ...named, random: randomBytes(RANDOM_BYTES) }));
    })
    .on("data", (chunk) => {
      data = Buffer.concat([data, chunk]);
      const reply = data.length > MOST_BYTES ? ({ is: "noise" } as const) : replyOf(data);
      if (reply) resolve(reply);
    })
    // Who hangs up on such words has refused them; who was never reached has said nothing.
    .on("close", () => resolve(isOpen ? { is: "refusal" } : undefined))
    .on("error", () => undefined)
    .connect(port, host);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
