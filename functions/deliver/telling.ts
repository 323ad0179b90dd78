import type { Notice } from "../notify/contract.ts";
import { type DeliveryState, FAULTS, type Fault, type Trouble } from "./contract.ts";

/** How an attempt has failed. */
export interface Failure {
  readonly code: Fault;
  readonly detail: string;
  /** What of it nobody has heard of, though the fault itself is known. */
  readonly news?: string;
}

export interface Told {
  readonly trouble?: Trouble;
  readonly notice?: Notice;
}

interface Telling {
  readonly before: DeliveryState | undefined;
  readonly failure: Failure | undefined;
  /** ISO 8601. */
  readonly at: string;
  readonly instance: string;
  readonly place: string;
  /** Whether the plan leaves out what the customer's own destination does. */
  readonly isExcused: boolean;
  /** Milliseconds for which what may heal by itself is told to nobody. */
  readonly patienceMs: number;
}

/** A fault is told once, another one again, and that it is over. */
export function told(telling: Telling): Told {
  const { before, failure, at, patienceMs } = telling;
  const known = before?.trouble;
  if (!failure) return known?.told === undefined ? {} : { notice: well(telling, known) };
  const since = known?.code === failure.code ? known.since : at;
  const isDue = !HEALS.has(failure.code) || Date.parse(at) - Date.parse(since) >= patienceMs;
  const { news, ...plainly } = failure;
  const isNews = isDue && (known?.told !== failure.code || news !== undefined);
  const heard = isNews ? failure.code : known?.told;
  const trouble = { ...plainly, since, triedAt: at, ...(heard !== undefined && { told: heard }) };
  return { trouble, ...(isNews && { notice: troubled(telling, trouble, news) }) };
}

/** Every night some server is restarted. */
const HEALS: ReadonlySet<Fault> = new Set(["DestinationUnreachable", "UploadBroken"]);

const troubled = (telling: Telling, trouble: Trouble, news?: string): Notice => {
  const { instance, place, isExcused } = telling;
  const { code, detail, since } = trouble;
  const excused = isExcused
    ? "The plan leaves failures of the customer's own destination out: this breaks no promise."
    : "The plan does not leave such failures out of its promises.";
  return {
    kind: "delivery-troubled",
    ...common(telling, since),
    occasion: news === undefined ? code : `${code}-${news}`,
    lines: [
      `${WHAT[code] ?? "No dump gets"} to ${place} since ${since}: ${WORDS[code]}.`,
      `${detail}.`,
      ...(FAULTS[code] === "customer" ? [excused] : []),
      GOES_ON[code] ??
        "Frozen copies and backups are made all the same. It is tried again every hour.",
      `How it stands: npx sla backups ${instance}. Runbook: docs/runbook.md#delivery-troubled`,
    ],
  };
};

const WHAT: Partial<Record<Fault, string>> = {
  DumpBroken: "Not every dump gets",
  DumpsLate: "No new dump gets",
  FilesTooSlow: "No files get",
  FilesBroken: "No files get",
};

const BY_THE_DAY = "Dumps of the database arrive all the same. Files are tried again once a day.";
const GOES_ON: Partial<Record<Fault, string>> = {
  DumpBroken:
    "Others are sent, and what they stand in for is removed, all the same. It is tried again once a day.",
  DumpsLate: "Backups are taken all the same; what is made next is sent within an hour.",
  FilesTooSlow: BY_THE_DAY,
  FilesBroken: BY_THE_DAY,
};

const MISSED = "What was missed meanwhile has been sent, or is being sent now.";

const well = (telling: Telling, { code, since }: Trouble): Notice => ({
  kind: "delivery-well",
  ...common(telling, since),
  lines: [
    `${telling.place} takes dumps again; since ${since} it did not: ${WORDS[code]}.`,
    code === "DumpBroken" ? "No dump that is due is broken any more." : MISSED,
    "Nothing needs to be done.",
  ],
});

const common = ({ instance, at }: Telling, since: string) => ({
  ...{ instance, at },
  incident: `delivery-${since.replace(/\D/g, "").slice(0, 12)}`,
});

export const WORDS: Readonly<Record<Fault, string>> = {
  DestinationFull: "it is full",
  LoginRefused: "it refuses our login",
  HostKeyUnknown: "it shows another host key than the fleet names",
  DestinationUnreachable: "nobody answers there",
  DestinationMissing: "the bucket or directory is not there",
  DestinationDenied: "we may not write there",
  UploadBroken: "uploads break off",
  DeliveryTooSlow: "the dump does not get there in a quarter of an hour",
  SecretMissing: "its secret is not there",
  SecretMalformed: "its secret is not what it should be",
  DumpBroken: "the dump is not what its manifest says",
  DumpsLate: "no new dump is made for it",
  FilesTooSlow: "the files of a dump do not get there in a quarter of an hour",
  FilesBroken: "files that belong to the dump are not there any more",
};
