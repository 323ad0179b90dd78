import type { Held } from "./dated.ts";

/**
 * What a snapshot says of itself. Its tags are the whole catalogue: there is no second book that could differ
 * from the cloud. Values use what AWS allows in tags: letters, digits, spaces, `+-=._:/@`.
 */
export const TAGS = {
  /** `true`: ours. What lacks it is never counted, changed or deleted. */
  managed: "sla:managed",
  instance: "sla:instance",
  /** Names of schedules, separated by ` / `. */
  schedules: "sla:schedules",
  /** ISO 8601: the newest instant at which one of them wanted it. */
  tick: "sla:tick",
  /** Of the roles that it was taken by; absent: 1. */
  epoch: "sla:epoch",
  /** Of a copied image, ISO 8601: when the image that it is a copy of was made. */
  taken: "sla:taken",
  /** Any value: a person wants it kept. */
  hold: "sla:hold",
  /** ISO 8601: it was given its tags back, but none that people or tests had added; kept until a person takes this one off. */
  repaired: "sla:repaired",
  /** ISO 8601: when the last restore test of it began. */
  tested: "sla:tested",
  /** ISO 8601: a restore of it has been proven. */
  verified: "sla:verified",
  /** ISO 8601: a restore of it has failed, or what came back was not what had been there. */
  refuted: "sla:refuted",
} as const;

export type Tags = Readonly<Record<string, string>>;

/** A backup as one region shows it. */
export interface Shelved extends Held {
  readonly instance: string;
  readonly region: string;
  readonly tickMs: number;
  readonly epoch: number;
  /** RDS identifier of what it was taken of. */
  readonly database?: string;
  readonly state: "making" | "available" | "failed" | "going";
  /** From elsewhere. */
  readonly isCopy: boolean;
  /** Whether its time is known; while one is being made it is `tickMs`. */
  readonly isTimed: boolean;
  /** ARN of the key that encrypts it. */
  readonly key?: string;
  /** By a person, or until one has looked at it. */
  readonly isHeld: boolean;
  readonly isRepaired?: true;
  readonly isRemains?: true;
  readonly testedMs?: number;
  readonly verifiedMs?: number;
  readonly refutedMs?: number;
}

/**
 * A restore of it was proven, and no later test has failed. What fails in the same test behind its proof, as a frozen copy may, says nothing
 * against it.
 */
export const isProven = ({ testedMs, verifiedMs, refutedMs = 0 }: Shelved): boolean =>
  verifiedMs !== undefined &&
  (verifiedMs > refutedMs || (testedMs !== undefined && verifiedMs > testedMs));

/** What an API shows, before anybody has believed it. */
export interface Listed {
  readonly id: string;
  readonly region: string;
  readonly status: string;
  /** ISO 8601: last transaction in it, else when the first of its copies was made. */
  readonly takenAt?: string;
  readonly isCopy: boolean;
  /** RDS identifier of what it was taken of. */
  readonly database?: string;
  readonly key?: string;
  /** Of an image that is deregistered: it was one until then. */
  readonly isRemains?: true;
  readonly tags: Tags;
}

const PREFIX = "sla-";
const SEPARATOR = " / ";

/**
 * `sla-acme-20261121t040000z`, the same in every place: whoever takes or copies it again finds it there. From the second epoch on
 * `…z-e2`: a site that knows of old roles only must not take the name of what the new primary has.
 */
export const backupId = (instance: string, tickMs: number, epoch = 1): string =>
  `${PREFIX}${instance}-${stamp(tickMs)}${epoch > 1 ? `-e${epoch}` : ""}`;

const NAME = /^sla-(?<instance>.+)-\d{8}t\d{6}z(-e\d+)?$/;

/** Made by this product, whatever its tags say by now. */
export const hasOurName = (id: string): boolean => NAME.test(id);

/** The instance that a name of ours was made for. */
export const instanceInName = (id: string): string => NAME.exec(id)?.groups?.["instance"] ?? "";

const stamp = (ms: number) =>
  new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "t").concat("z");

/** The name of what has these tags; undefined where they do not say. */
export function nameIn(tags: Tags): string | undefined {
  const { [TAGS.instance]: instance } = tags;
  const tickMs = instantIn(tags, TAGS.tick);
  if (!instance || tickMs === undefined) return undefined;
  return backupId(instance, tickMs, Number(tags[TAGS.epoch] ?? 1));
}

/** What a snapshot is given at its making. */
export const tagsOf = ({
  instance,
  schedules,
  tickMs,
  epoch = 1,
}: Pick<Shelved, "instance" | "schedules" | "tickMs"> & { readonly epoch?: number }): Tags => ({
  [TAGS.managed]: "true",
  [TAGS.instance]: instance,
  [TAGS.schedules]: schedules.join(SEPARATOR),
  [TAGS.tick]: new Date(tickMs).toISOString(),
  ...(epoch > 1 && { [TAGS.epoch]: String(epoch) }),
});

/** What one is given back that has lost its tags. Nobody knows which others it had: one that says to keep it may have been among them. */
export const repairTagsOf = (backup: Shelved, nowMs: number): Tags => ({
  ...tagsOf(backup),
  [TAGS.repaired]: new Date(nowMs).toISOString(),
});

/** Status of RDS; what is neither here nor in a table of AWS is still being made, so nobody relies on it. */
const STATES: Readonly<Record<string, Shelved["state"]>> = {
  available: "available",
  failed: "failed",
  deleting: "going",
};

/** Undefined where the tags do not say that it is ours, or of what, or say something else than its name, which nobody can change. */
export function shelved(listed: Listed): Shelved | undefined {
  const { id, region, status, takenAt, isCopy, key, database, tags } = listed;
  const { [TAGS.instance]: instance, [TAGS.schedules]: schedules } = tags;
  const tickMs = instantIn(tags, TAGS.tick);
  const epoch = Number(tags[TAGS.epoch] ?? 1);
  const isOurs = tags[TAGS.managed] === "true";
  if (!isOurs || !instance || !schedules || tickMs === undefined) return undefined;
  if (id !== backupId(instance, tickMs, epoch)) return undefined;
  const takenMs = takenAt === undefined ? Number.NaN : Date.parse(takenAt);
  return {
    ...{ id, region, instance, tickMs, epoch, isCopy },
    takenMs: Number.isNaN(takenMs) ? tickMs : takenMs,
    isTimed: !Number.isNaN(takenMs),
    schedules: schedules.split(SEPARATOR),
    state: STATES[status] ?? "making",
    ...(key !== undefined && { key }),
    ...(database !== undefined && { database }),
    ...(listed.isRemains && { isRemains: true }),
    ...holdIn(tags),
    ...restoresIn(tags),
  };
}

function holdIn(tags: Tags): Pick<Shelved, "isHeld" | "isRepaired"> {
  if (tags[TAGS.repaired] !== undefined) return { isHeld: true, isRepaired: true };
  return { isHeld: tags[TAGS.hold] !== undefined };
}

function restoresIn(tags: Tags): Pick<Shelved, "testedMs" | "verifiedMs" | "refutedMs"> {
  const testedMs = instantIn(tags, TAGS.tested);
  const verifiedMs = instantIn(tags, TAGS.verified);
  const refutedMs = instantIn(tags, TAGS.refuted);
  return {
    ...(testedMs !== undefined && { testedMs }),
    ...(verifiedMs !== undefined && { verifiedMs }),
    ...(refutedMs !== undefined && { refutedMs }),
  };
}

function instantIn(tags: Tags, name: string): number | undefined {
  const ms = Date.parse(tags[name] ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}
