import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { CUSTOMERS_FOLDER, type SealedDays, type StatusMemory } from "./contract.ts";
import { type File, filesOf } from "./files.ts";
import type { Heard } from "./heard.ts";
import { keptFolders, silentSince } from "./kept-pages.ts";
import { whatIsKnown } from "./known.ts";
import type { Showcase } from "./ports.ts";
import { sceneOf } from "./scene.ts";

export interface World {
  readonly region: string;
  readonly fleet: Fleet;
  readonly address: string;
  /** Of this region, which is control. */
  readonly ledger: Ledger;
  readonly hear: (fleet: Fleet) => Promise<Heard>;
  readonly sealedDays: () => Promise<SealedDays | undefined>;
  /** From which addresses of customers follow. */
  readonly secret: () => Promise<string>;
  readonly showcase: Showcase;
  readonly clock: Clock;
}

/** Numbers only: addresses are nobody's business. */
export interface Published {
  readonly pages: number;
  readonly written: number;
  readonly removed: number;
  /** Files that nobody vouches for, and that stay because a site that may says nothing. */
  readonly kept?: number;
  readonly silent: readonly string[];
}

const LANES = 8;

/**
 * Brings all pages up to date with the ledgers: writes what differs, deletes pages of customers who are none any more.
 * Doing it twice changes nothing. Rejects if this site's own ledger, the secret or the bucket does not answer.
 */
export async function publishPages(world: World): Promise<Published> {
  const { region, fleet, address, ledger, clock, showcase } = world;
  const looked = { now: clock.now(), pacer: clock };
  const key = keys.status(region);
  const [before, heard, sealed, secret, there] = await Promise.all([
    ledger.read<StatusMemory>(key),
    world.hear(fleet),
    world.sealedDays(),
    world.secret(),
    showcase.list(),
  ]);
  if (heard.silent.includes(region)) {
    // Too little is known to say who is no customer any more.
    throw new SlaError("CloudUnreachable", "cloud", `the ledger of ${region} does not answer`);
  }
  const { known, memory } = whatIsKnown(fleet, heard, before?.value, looked);
  const since = silentSince(heard.silent, before?.value.silentSince, looked.now);
  const isAnySilent = heard.silent.length > 0;
  const next: StatusMemory = { address, ...memory, ...(isAnySilent && { silentSince: since }) };
  // Another process that has written meanwhile knows as much.
  if (!before) await ledger.create(key, next);
  else if (!isDeepStrictEqual(before.value, next)) await ledger.replace(key, next, before.tag);
  const { scene, audiences } = sceneOf(fleet, known, heard, looked, sealed);
  const files = filesOf(scene, audiences, { address, secret });
  const { put, remove: extra } = differences(files, there);
  const here = new Set(known.map(({ instance }) => instance.id));
  const kept = keptFolders({
    ...{ fleet, since, secret, now: looked.now, isKnown: (id) => here.has(id) },
    paced: (seconds) => clock.paced(seconds),
  });
  const remove = extra.filter((name) => !kept.some((folder) => name.startsWith(folder)));
  await inLanes(LANES, put, ([name, file]) => showcase.put(name, file));
  await inLanes(LANES, remove, (name) => showcase.remove(name));
  return {
    ...{ pages: files.size, written: put.length, removed: remove.length },
    ...(extra.length > remove.length && { kept: extra.length - remove.length }),
    silent: heard.silent,
  };
}

/** What has to be written, and what nobody is to read any more. */
export function differences(
  files: ReadonlyMap<string, File>,
  there: ReadonlyMap<string, string>,
): { readonly put: readonly (readonly [string, File])[]; readonly remove: readonly string[] } {
  return {
    put: [...files].filter(([key, { body }]) => there.get(key) !== md5(body)),
    remove: [...there.keys()].filter((key) => key.startsWith(CUSTOMERS_FOLDER) && !files.has(key)),
  };
}

/** By which S3 tells objects apart that it encrypts by itself. */
const md5 = (body: string): string => createHash("md5").update(body).digest("hex");
