import { text } from "../kernel/env.ts";

/** Sends dumps to the customers' own destinations, encrypted. Deployed where frozen copies are made. */
export const DELIVER_FUNCTION = "sla-deliver";
/** Named, because the policy of another account's bucket lets it in. */
export const deliverRole = (region: string) => `sla-deliver-${region}`;

export const deliverEnv = {
  SLA_ACCOUNT: text,
  FLEET_KEY: text,
  /** Given by Lambda. */
  AWS_REGION: text,
  FROZEN_BUCKET: text,
};
export type DeliverEnv = Record<Exclude<keyof typeof deliverEnv, "AWS_REGION">, string>;

/** Between two looks at what is still to be sent. */
export const DELIVER_MINUTES = 60;
/** The longest that Lambda gives. */
export const DELIVER_SECONDS = 900;

/** Without an instance: a look at all of them, each in an invocation of its own. */
export interface DeliverEvent {
  readonly instance?: string;
}

/**
 * Codes of what keeps a dump from its destination, and whose it is to mend. `UploadBroken`: what lies there is not what was sent;
 * `DeliveryTooSlow`: it does not get there in the time that Lambda gives; `DumpBroken`: it is not what its manifest says, others get there; `DumpsLate`: what arrives is sound, but no new dump is made.
 * `FilesTooSlow`, `FilesBroken`: dumps arrive, the files that belong to them do not.
 */
export const FAULTS = {
  DestinationFull: "customer",
  LoginRefused: "customer",
  HostKeyUnknown: "customer",
  DestinationUnreachable: "customer",
  DestinationMissing: "customer",
  DestinationDenied: "customer",
  UploadBroken: "customer",
  DeliveryTooSlow: "provider",
  SecretMissing: "provider",
  SecretMalformed: "provider",
  DumpBroken: "provider",
  DumpsLate: "provider",
  FilesTooSlow: "provider",
  FilesBroken: "provider",
} as const satisfies Record<string, "customer" | "provider">;
export type Fault = keyof typeof FAULTS;

/** Dumps get there all the same. */
export const FILE_FAULTS: ReadonlySet<Fault> = new Set(["FilesTooSlow", "FilesBroken"]);

export interface Measure {
  readonly bytes: number;
  readonly sha256: string;
}

/** `deliveries/<instance>/<backup>.json`: a dump that lies at a destination; instants ISO 8601. */
export interface Delivery {
  readonly instance: string;
  readonly backup: string;
  /** Instant of the data. */
  readonly takenAt: string;
  /** `sftp://host:port/path` or `s3://bucket/prefix` */
  readonly place: string;
  /** Of the file there; its manifest is beside it. */
  readonly name: string;
  /** Whose key opens it; absent: the passphrase. */
  readonly recipient?: string;
  readonly plain: Measure;
  readonly encrypted: Measure;
  readonly deliveredAt: string;
  readonly seconds: number;
  /** That belong to it, in one archive. */
  readonly files?: SentFiles;
  /** By us, because newer ones are there. */
  readonly removedAt?: string;
}

export interface SentFiles {
  /** Of the archive there; its manifest is beside it. */
  readonly name: string;
  readonly count: number;
  readonly plain: Measure;
  readonly encrypted: Measure;
  readonly deliveredAt: string;
  readonly seconds: number;
}

export interface Trouble {
  readonly code: Fault;
  readonly detail: string;
  readonly since: string;
  readonly triedAt: string;
  /** What people have heard of, if of anything. */
  readonly told?: Fault;
}

/** `delivering/<instance>.json`: how it stands; instants ISO 8601. */
export interface DeliveryState {
  readonly instance: string;
  readonly place: string;
  /** The last time that somebody looked into the destination. */
  readonly lookedAt?: string;
  /** The last time that files did not get there; dumps go on meanwhile. */
  readonly filesTriedAt?: string;
  /** Dumps that are not what their manifests say, by backup, and when that was last seen: they are passed over until a day later. */
  readonly broken?: { readonly backups: readonly string[]; readonly triedAt: string };
  /** More is to be brought than one invocation had time for. */
  readonly unfinished?: true;
  /** Until then somebody else is at it. */
  readonly busyUntil?: string;
  readonly last?: Pick<Delivery, "backup" | "takenAt" | "deliveredAt" | "name" | "encrypted">;
  readonly trouble?: Trouble;
}
