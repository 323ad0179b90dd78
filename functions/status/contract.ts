import { text } from "../kernel/env.ts";
import { ledgerEnv } from "../ledger/contract.ts";

/** Deployed in the control site of a fleet with `status:`. Reads all ledgers, writes pages, acts on nothing. */
export const STATUS_FUNCTION = "sla-status";

/** Pages of the world: whatever lies in it can be read by whoever knows its address. */
export const statusBucket = (account: string, region: string) => `sla-status-${account}-${region}`;

/** From which addresses of customers' pages follow; the deployment makes it up, and whoever changes it changes all of them. */
export const STATUS_SECRET = "sla/status";

/** Below which customers' pages lie: all that the function may delete. */
export const CUSTOMERS_FOLDER = "c/";

export const statusEnv = {
  ...ledgerEnv,
  /** `https://…/`, at which the bucket is served. */
  STATUS_ADDRESS: text,
};
export type StatusEnv = Record<keyof typeof statusEnv, string>;

/** What is shown at the root, and instead of what is not there. */
export const ROOT_PAGE = "index.html";
export const MISSING_PAGE = "404.html";

/** What pages may do: be read, with a stylesheet of their own. No script, no request to anybody, no frame around them. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `status/<region>.json` of control: what pages would forget with the process that writes them. Instants ISO 8601. */
export interface StatusMemory {
  /** At which the pages are served. */
  readonly address: string;
  readonly instances: Readonly<Record<string, Remembered>>;
  /** By region: what a site last said of backups. */
  readonly shelves: Readonly<Record<string, Shelf>>;
  /** Since when sites say nothing, by region; absent while all answer. */
  readonly silentSince?: Readonly<Record<string, string>>;
}

export interface Remembered {
  /** Since when it is known that somebody looks at it. */
  readonly since: string;
  /** When nobody did, or nobody could tell; without an end: now. */
  readonly unseen: readonly { readonly from: string; readonly to?: string }[];
}

/** Of the backups of a region, by instance. */
export type Shelf = Readonly<Record<string, ShelvedBackups>>;

export interface ShelvedBackups {
  /** Data of the newest that can be restored. */
  readonly newest?: string;
  /** The last restore that proved one. */
  readonly verified?: string;
  /** Since when restore tests fail. */
  readonly failingSince?: string;
  readonly images?: ShelvedImages;
}

/** Images of its machine there. */
export interface ShelvedImages {
  /** The last machine that came up from one, and of when that image was. */
  readonly proven?: { readonly at: string; readonly takenAt: string };
  /** Since when their tests fail. */
  readonly failingSince?: string;
}

/**
 * `status/days.json.gz` of control: what the days came to that all sites have sealed, of those that pages show; `sla-report` sums them
 * up by what months are settled by. Days like `2026-11-03`, of a zone.
 */
export interface SealedDays {
  /** IANA name. */
  readonly timezone: string;
  /** Without a gap from the first to the last. */
  readonly first: string;
  readonly last: string;
  /**
   * By instance and day the minutes that were down, maintenance or not, and those that nobody saw; a day that is missing was up all the
   * time. Of an instance that is missing nobody saw anything.
   */
  readonly instances: Readonly<
    Record<string, Readonly<Record<string, readonly [down: number, unseen: number]>>>
  >;
}
