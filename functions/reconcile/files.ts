import type { Finding } from "../../lib/sla/backups/action.ts";
import { soldFilestore } from "../../lib/sla/backups/filestore.ts";
import type { WithFiles } from "../../lib/sla/backups/keepers.ts";
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

interface Situation {
  readonly region: string;
  readonly fleet: Fleet;
  readonly desired: readonly Desired[];
}

/** What is written down of files in the own region. */
export interface Papers {
  /** Nothing for an instance whose plan sells none, or whose place this is not. */
  of(instance: string): { readonly withFiles?: WithFiles };
  /** Of those others: where their files lie. */
  readonly sold: readonly { readonly desired: Desired; readonly filestore: string }[];
  readonly failed?: string;
}

/** Asks for the manifests, if any plan sells files. Never rejects. */
export async function papersHere(
  at: Situation & { readonly manifests: Manifests },
): Promise<Papers> {
  const { region } = at;
  const sold = soldHere(at);
  const ids = new Set(sold.map(({ desired }) => desired.instance));
  if (sold.length === 0) return { of: () => ({}), sold };
  const withFiles = (instance: string, known: WithFiles) =>
    ids.has(instance) ? { withFiles: known } : {};
  try {
    const all = await at.manifests.all();
    const of = (instance: string) =>
      withFiles(instance, { region, ids: all.get(instance) ?? new Set() });
    return { of, sold };
  } catch (cause) {
    return { of: (instance) => withFiles(instance, { region }), sold, failed: words(cause) };
  }
}

const words = (cause: unknown) =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);

const soldHere = ({ fleet, desired, region }: Situation) => {
  const instances = new Map(fleet.instances.map((instance) => [instance.id, instance]));
  return desired.flatMap((each) => {
    const instance = instances.get(each.instance);
    const filestore = instance && soldFilestore(fleet, instance);
    return filestore && each.places.includes(region) ? [{ desired: each, filestore }] : [];
  });
};

export interface FilesSituation {
  readonly region: string;
  readonly papers: Papers;
  readonly catalogue: Catalogue;
  readonly nowMs: number;
  readonly hands: Pick<Hands, "files">;
}

/**
 * Has the files brought here of backups that lack them. Never rejects: databases are backed up whatever becomes of their files.
 */
export async function filesHere(at: FilesSituation): Promise<FilesHere> {
  const { papers, region } = at;
  if (papers.failed !== undefined) return { ...NOTHING, isWaiting: true, failed: papers.failed };
  const pairs = papers.sold.map(({ desired, filestore }) => {
    const { instance, places } = desired;
    const { shelves } = at.catalogue.of(instance);
    const manifests = papers.of(instance).withFiles?.ids ?? new Set<string>();
    return { instance, filestore, ...pairing({ region, places, shelves, manifests }) };
  });
  const orders = pairs.flatMap(orderOf);
  const failed = orders.length > 0 ? await handOver(inTurn(orders, at.nowMs), at.hands) : undefined;
  return {
    lacking: new Map(pairs.map(({ instance, lacking }) => [instance, lacking])),
    findings: pairs.flatMap((pair) => late(pair, region)),
    isWaiting: orders.length > 0,
    ...(failed !== undefined && { failed }),
  };
}

const NOTHING: FilesHere = { lacking: new Map(), findings: [], isWaiting: false };

/** Why nobody took them. */
const handOver = (orders: readonly FilesOrder[], hands: Pick<Hands, "files">) =>
  hands.files({ orders }).then(() => undefined, words);

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
