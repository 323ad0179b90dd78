import type { Finding } from "../../lib/sla/backups/action.ts";
import { soldFilestore } from "../../lib/sla/backups/filestore.ts";
import { type Pairing, pairing } from "../../lib/sla/backups/pairing.ts";
import type { Desired } from "../../lib/sla/backups/reconcile.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { FilesOrder } from "../files/contract.ts";
import { PASS_MINUTES } from "./contract.ts";
import type { Catalogue } from "./observe.ts";
import type { Hands, Manifests } from "./ports.ts";

/** How the files of this region's backups stand. */
export interface FilesHere {
  /** Backups in this region without their files, by instance. */
  readonly lacking: ReadonlyMap<string, readonly string[]>;
  readonly findings: readonly Finding[];
  readonly isWaiting: boolean;
  /** Why nothing could be asked for. */
  readonly failed?: string;
}

export interface FilesSituation {
  readonly region: string;
  readonly fleet: Fleet;
  readonly desired: readonly Desired[];
  readonly catalogue: Catalogue;
  readonly nowMs: number;
  readonly manifests: Manifests;
  readonly hands: Pick<Hands, "files">;
}

/**
 * Has the files brought here of backups that lack them. Never rejects: databases are backed up whatever becomes of their files.
 */
export async function filesHere(at: FilesSituation): Promise<FilesHere> {
  const sold = soldHere(at);
  if (sold.length === 0) return { lacking: new Map(), findings: [], isWaiting: false };
  try {
    const manifests = await at.manifests.all();
    const pairs = sold.map(({ desired, filestore }) => {
      const { instance, places } = desired;
      const { shelves } = at.catalogue.of(instance);
      const known = manifests.get(instance) ?? new Set<string>();
      const found = pairing({ region: at.region, places, shelves, manifests: known });
      return { instance, filestore, ...found };
    });
    const orders = pairs.flatMap(orderOf);
    if (orders.length > 0) await at.hands.files({ orders: inTurn(orders, at.nowMs) });
    return {
      lacking: new Map(pairs.map(({ instance, lacking }) => [instance, lacking])),
      findings: pairs.flatMap((pair) => late(pair, at.region)),
      isWaiting: orders.length > 0,
    };
  } catch (cause) {
    const failed = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { lacking: new Map(), findings: [], isWaiting: true, failed };
  }
}

const soldHere = ({ fleet, desired, region }: FilesSituation) => {
  const instances = new Map(fleet.instances.map((instance) => [instance.id, instance]));
  return desired.flatMap((each) => {
    const instance = instances.get(each.instance);
    const filestore = instance && soldFilestore(fleet, instance);
    return filestore && each.places.includes(region) ? [{ desired: each, filestore }] : [];
  });
};

interface Pair extends Pairing {
  readonly instance: string;
  readonly filestore: string;
}

/** Of an instance at once; the next pass names the others. */
const MOST_BACKUPS = 10;

function orderOf({ instance, filestore, wanted, gone }: Pair): readonly FilesOrder[] {
  if (wanted.length === 0 && gone.length === 0) return [];
  const [backups, removals] = [wanted.slice(0, MOST_BACKUPS), gone.slice(0, MOST_BACKUPS)];
  return [{ instance, filestore, backups, gone: removals }];
}

/** An event of Lambda may have 256 KB. */
const MOST_BYTES = 200_000;
/** After so many passes, two hours, another one of everybody was the first. */
const TURNS = 8;

/** As many as an event holds. Every pass begins elsewhere, so that what takes all the time, or always fails, holds up nobody for long. */
export function inTurn(orders: readonly FilesOrder[], nowMs: number): readonly FilesOrder[] {
  const turn = Math.floor(nowMs / (PASS_MINUTES * 60_000));
  const first = (turn * Math.ceil(orders.length / TURNS)) % orders.length;
  let bytes = 0;
  return [...orders.slice(first), ...orders.slice(0, first)].filter((order) => {
    bytes += JSON.stringify(order).length + 1;
    return bytes <= MOST_BYTES;
  });
}

/** As long as a copy may take: the first replica of a large filestore is not made in one go. */
const PATIENCE_MS = 6 * 3_600_000;

function late({ instance, lacking }: Pair, region: string): readonly Finding[] {
  const [first] = lacking;
  if (first === undefined) return [];
  const more = lacking.length > 1 ? ` and ${lacking.length - 1} more` : "";
  const detail = `the files of ${first}${more} are not there yet`;
  return [{ kind: "files-late", instance, region, detail, patienceMs: PATIENCE_MS }];
}
