import { createHash, createHmac } from "node:crypto";
import { type DumpedWith, dumpOf } from "../../lib/sla/dump-formats.ts";
import { attemptFolder, FILES } from "../freeze/contract.ts";
import { text } from "../kernel/env.ts";

/** Leads whoever has a link to the dump that it was made for. Deployed where frozen copies are made. */
export const DOWNLOAD_FUNCTION = "sla-download";
/** Named, because the policy of another account's bucket lets it in. */
export const downloadRole = (region: string) => `sla-download-${region}`;

/** Answers customers who have a token of the fleet's issuer. Deployed beside it. */
export const CUSTOMERS_FUNCTION = "sla-customers";
export const customersEnv = {
  SLA_ACCOUNT: text,
  FLEET_KEY: text,
  /** Given by Lambda. */
  AWS_REGION: text,
  /** Where links are answered. */
  DOWNLOAD_PAGE: text,
};
export type CustomersEnv = Record<Exclude<keyof typeof customersEnv, "AWS_REGION">, string>;

/** All that customers can ask, as API Gateway routes it. */
export const CUSTOMER_ROUTES = [
  "GET /instances",
  "GET /instances/{instance}/copies",
  "GET /instances/{instance}/downloads",
  "POST /instances/{instance}/downloads",
  "DELETE /instances/{instance}/downloads/{link}",
  "GET /instances/{instance}/dump",
  "POST /instances/{instance}/dump",
] as const;
export type CustomerRoute = (typeof CUSTOMER_ROUTES)[number];

/** Plan seconds for which a link may work. */
export const EXPIRY = { least: 900, most: 30 * 86_400, usual: 7 * 86_400 } as const;
/** A customer may have that many links of one instance open at once; the provider's do not count. */
export const OPEN_LINKS = 20;

export const downloadEnv = {
  SLA_ACCOUNT: text,
  /** Given by Lambda. */
  AWS_REGION: text,
  FROZEN_BUCKET: text,
};
export type DownloadEnv = Record<Exclude<keyof typeof downloadEnv, "AWS_REGION">, string>;

/** Plan seconds for which one click opens the bucket: whoever goes on later clicks again. */
export const SIGNED_SECONDS = 900;

/** What a link is for; nobody can change it who does not have the link. */
export interface Download {
  readonly instance: string;
  readonly backup: string;
  /** ISO 8601: instant of the data. */
  readonly takenAt: string;
  /** Of the dump, in the bucket of frozen copies. */
  readonly key: string;
  /** ISO 8601: leads nowhere afterwards. */
  readonly until: string;
  /** What else it leads to; absent in links that lead to a dump alone. */
  readonly archive?: Archive;
}

/** All that another provider needs. */
export interface Archive extends DumpedWith {
  readonly database: string;
  /** Tables that may be there by half; absent: there are none. */
  readonly untransacted?: readonly string[];
  /** Absent where no files were sold, or none were there when the link was made. */
  readonly files?: PairedFiles;
}

/** The files that belong to a dump, by what names them: ids of versions in the replica's bucket. */
export interface PairedFiles {
  /** Of the manifest: keys, sizes, and the version of each file. */
  readonly manifest: string;
  /** Of the list of their paths; absent where the manifest is older than such lists. */
  readonly paths?: string;
}

interface DumpFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** `links/<instance>/<id>.json` in the ledger of the site that serves it; the token is kept nowhere. */
export interface DownloadLink extends Download, DumpFacts {
  /** ISO 8601. */
  readonly madeAt: string;
  /** ARN of whoever made it. */
  readonly by: string;
  readonly seal: string;
  readonly revoked?: { readonly at: string; readonly by: string };
}

/** `misnamed`: the file at the end of the path is another's. `tampered`: it is no longer what was sealed. */
export type AccessOutcome = "led" | "expired" | "revoked" | "misnamed" | "tampered";

/** `accesses/<instance>/<link>/<instant>-<request>.json`: written before anything is answered. */
export interface Access {
  readonly instance: string;
  /** Absent where nobody can say any more. */
  readonly backup?: string;
  readonly link: string;
  /** ISO 8601. */
  readonly at: string;
  /** As AWS says, not as the client does. */
  readonly from: string;
  readonly agent: string;
  readonly method: "GET" | "HEAD";
  readonly outcome: AccessOutcome;
  /** Absent: the dump. */
  readonly paper?: Paper;
}

/** What lies beside the dump. */
export const PAPERS = ["archive.json", "files.json.gz", "paths.txt"] as const;
export type Paper = (typeof PAPERS)[number];

/**
 * `fetches/<instance>/<link>/<yyyy-mm-dd>.json`: single files that were asked for through a link on a day of UTC. They are not written down one by
 * one: there may be half a million.
 */
export interface Fetches {
  readonly instance: string;
  /** Absent where nobody can say any more. */
  readonly backup?: string;
  readonly link: string;
  readonly day: string;
  /** At least: what is counted is written down now and then. */
  readonly led: number;
  readonly refused: number;
  /** ISO 8601. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** Each before it was led anywhere; the first fifty of a day. */
  readonly from: readonly { readonly address: string; readonly agent: string }[];
}

/** 256 random bits behind the instance, in base64url. */
export const tokenOf = (instance: string, random: Uint8Array): string =>
  `${instance}.${Buffer.from(random).toString("base64url")}`;

/** `d/acme.<random>/acme-2026-11-22T1400Z.dump` */
export const downloadPath = (token: string, file: string) => `d/${token}/${file}`;

/** Names a link without opening it. */
export const linkId = (token: string): string =>
  createHash("sha256").update(token).digest("hex").slice(0, 16);

type Named = Pick<Download, "instance" | "takenAt">;

/** `acme-2026-11-22T1400Z`: how the names of all begin that a browser saves. */
export const fileStem = ({ instance, takenAt }: Named): string =>
  `${instance}-${new Date(takenAt).toISOString().slice(0, 16).replace(":", "")}Z`;

/** What a browser saves it as: `acme-2026-11-22T1400Z.dump`, `.sql.gz` of MariaDB and MySQL. Links to a dump alone are older than those. */
export const fileName = (link: Named & Pick<Download, "archive">): string =>
  `${fileStem(link)}.${link.archive ? dumpOf(link.archive).suffix : "dump"}`;

/** Made with the token: who can write to the ledger can lead no link elsewhere, nor make it last. */
export function sealOf(token: string, download: Download & Partial<DumpFacts>): string {
  const { instance, backup, takenAt, key, until, bytes, sha256, archive } = download;
  const dump = [instance, backup, takenAt, key, until];
  const all = archive === undefined ? dump : [...dump, bytes, sha256, archive];
  return createHmac("sha256", token).update(JSON.stringify(all)).digest("base64url");
}

/** Whether it lies where dumps of this backup of this instance lie. */
export function isOwnDump({ instance, backup, key }: Download): boolean {
  const [attempt = ""] = key.split("/").slice(2);
  const isPlain = /^[a-z][a-z0-9-]*$/.test(instance) && /^[a-z][a-z0-9-]*$/.test(backup);
  const expected = `${attemptFolder(instance, backup, attempt)}/${FILES.dump}`;
  return isPlain && /^[0-9a-f]{32}$/.test(attempt) && key === expected;
}
