import { dumpedWith } from "../../lib/sla/dump-formats.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import {
  type Archive,
  type DownloadLink,
  downloadPath,
  fileName,
  isOwnDump,
  linkId,
  type PairedFiles,
  type Paper,
  sealOf,
  tokenOf,
} from "./contract.ts";

/** Where links are kept and answered. */
export interface LinkDesk {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** URL of what answers them. */
  readonly page: string;
}

/** The files that belong to a dump. `none`: the plan sells none. `missing`: they have not arrived yet, or nobody keeps them any more. */
export type FilesFound = PairedFiles | "none" | "missing";

export interface LinkWish {
  readonly instance: string;
  readonly copy: FrozenCopy;
  readonly files: FilesFound;
  readonly expiresSeconds: number;
  /** 32 bytes that nobody can guess. */
  readonly random: Uint8Array;
  /** Who makes it, for the ledger. */
  readonly by: string;
}

export interface MadeLink {
  readonly instance: string;
  readonly id: string;
  /** Shown once: it is kept nowhere. */
  readonly url: string;
  readonly file: string;
  /** URL of all that it leads to: the dump, and the files that belong to it. */
  readonly archive: string;
  readonly files: "there" | "none" | "missing";
  readonly until: string;
  readonly copy: FrozenCopy;
}

/** A link to a frozen copy, written down. Rejects with a bug's code where the copy is not the instance's. */
export async function makeLink(
  { ledger, clock, page }: LinkDesk,
  wish: LinkWish,
): Promise<MadeLink> {
  const { instance, copy, files, expiresSeconds, random, by } = wish;
  const now = clock.now();
  const until = new Date(now.getTime() + clock.paced(expiresSeconds)).toISOString();
  const { backup, takenAt, dump, database, untransacted } = copy;
  const { key, bytes, sha256 } = dump;
  const archive: Archive = {
    ...{ database, ...dumpedWith(copy) },
    ...(untransacted && { untransacted }),
    ...(typeof files === "object" && { files }),
  };
  const download = { instance, backup, takenAt, key, until, bytes, sha256, archive };
  if (!isOwnDump(download)) {
    throw new SlaError("FrozenStrange", "bug", `${key} is no place for a dump of ${instance}`);
  }
  const token = tokenOf(instance, random);
  const id = linkId(token);
  const link: DownloadLink = {
    ...download,
    ...{ madeAt: now.toISOString(), by, seal: sealOf(token, download) },
  };
  const isNew = await ledger.create(keys.link(instance, id), link);
  if (!isNew) throw new SlaError("LinkTaken", "bug", `${instance} has a link ${id} already`);
  const file = fileName(link);
  const urlOf = (name: string) => new URL(downloadPath(token, name), page).href;
  return {
    ...{ instance, id, url: urlOf(file), file },
    ...{
      archive: urlOf("archive.json" satisfies Paper),
      files: typeof files === "object" ? ("there" as const) : files,
    },
    ...{ until, copy },
  };
}

/** Ends a link; false where the instance has none of this id. */
export async function revokeLink(
  ledger: Ledger,
  instance: string,
  id: string,
  revoked: { readonly at: string; readonly by: string },
): Promise<boolean> {
  const found = await rewrite<DownloadLink>(ledger, keys.link(instance, id), (current) =>
    current && !current.revoked ? { ...current, revoked } : undefined,
  );
  return found !== undefined;
}
