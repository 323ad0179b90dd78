/** What the ledger tells of one instance's month beside its minutes. Instants are ISO 8601, keys those of the ledger. */
export interface Happenings {
  /** Oldest first, as all of them. */
  readonly incidents: readonly IncidentHappened[];
  readonly failovers: readonly FailoverHappened[];
  readonly restoreTests: readonly TestHappened[];
  /** Machines that were started from images of the complete instance. */
  readonly imageTests: readonly ImageTestHappened[];
  readonly gameDays: readonly GameDayHappened[];
  /** Newest restore test until the month's end that found all it looked for. */
  readonly lastProof?: Pick<TestHappened, "key" | "endedAt">;
  /** Likewise newest image whose machine came up. */
  readonly lastImageProof?: Pick<ImageTestHappened, "key" | "endedAt">;
  readonly backups: readonly BackupHappened[];
  /** Of these and of those that were there before, as far back as a rotation reaches. */
  readonly lives: readonly BackupLife[];
  /** Likewise of images of its machine. */
  readonly images: readonly BackupLife[];
  /** Keys of records that nobody can read, or that are about somebody else. */
  readonly unreadable: readonly string[];
}

export interface IncidentHappened {
  readonly key: string;
  readonly incident: string;
  readonly firstBadAt: string;
  readonly openedAt?: string | undefined;
  readonly firstGoodAt?: string | undefined;
  /** Absent: it goes on. */
  readonly closedAt?: string | undefined;
  readonly notes: readonly FailoverNoted[];
}

/** What an incident says of a failover that was meant to end it. */
export interface FailoverNoted {
  readonly id: string;
  readonly outcome: "done" | "halted" | "settled";
  readonly at: string;
}

export interface FailoverHappened {
  readonly key: string;
  readonly id: string;
  readonly incident: string;
  /** Of a server that was lost, of one that served, or of a backup because there was nothing else. */
  readonly kind: "failover" | "planned" | "recovery";
  /**
   * Of a recovery: `site` where nothing in the primary's region answered before anything was changed, `data` where the primary
   * answered and what was done to its data was undone. Absent: nothing says that it was more than a server.
   */
  readonly lost?: "server" | "site" | "data";
  /** First good answer. */
  readonly goodAt: string;
  readonly rtoSeconds: number;
  /** Absent: nothing bounds what was lost. */
  readonly rpoSeconds?: number | undefined;
  /** The old primary was not fenced yet, and nobody has said since that it is. */
  readonly isProvisional: boolean;
  readonly steps: readonly { readonly step: string; readonly at: string }[];
  /** Of the game day whose cut it answered; absent: nobody provoked it. */
  readonly gameDay?: string;
}

/** A primary that was cut off on purpose, in the account itself. */
export interface GameDayHappened {
  readonly key: string;
  readonly id: string;
  readonly outcome: "recovered" | "called-off" | "unserved";
  /** Recovered, within what was sold. */
  readonly ok: boolean;
  readonly endedAt: string;
  /** Id of the failover that answered it. */
  readonly failover?: string | undefined;
  /** From the cut to the first good page, as a client saw it. */
  readonly rtoSeconds?: number | undefined;
}

export interface TestHappened {
  readonly key: string;
  readonly backup: string;
  readonly region: string;
  readonly ok: boolean;
  readonly endedAt: string;
  /** Of the data that came back. */
  readonly takenAt?: string | undefined;
  readonly restoreSeconds?: number | undefined;
  readonly rows?: number | undefined;
  /** A frozen copy was made of what it proved. */
  readonly froze: boolean;
}

export interface ImageTestHappened extends Pick<TestHappened, "key" | "region" | "ok" | "endedAt"> {
  readonly image: string;
  /** Of its disks. */
  readonly takenAt?: string | undefined;
  /** Until EC2 found that it was up. */
  readonly bootSeconds?: number | undefined;
}

/** A backup that RDS has agreed to take, or to copy to another region. */
export interface BackupHappened {
  readonly key: string;
  readonly backup: string;
  readonly kind: "take" | "copy";
  readonly at: string;
  /** Where it lies now. */
  readonly region: string;
}

/** How long one backup lay in one region, by what RDS agreed to; instants in ms. */
export interface BackupLife {
  readonly id: string;
  readonly region: string;
  /** When it was begun, there or where it was copied from. */
  readonly takenMs: number;
  readonly availableMs: number;
  /** Absent: it is still there. */
  readonly removedMs?: number;
  readonly schedules: readonly string[];
}

export const DEED_KINDS = [
  ...["take", "copy", "delete"],
  ...["take-image", "copy-image", "delete-image"],
] as const satisfies readonly string[];

export interface BackupDeed extends Omit<BackupHappened, "kind"> {
  readonly instance: string;
  readonly kind: DatabaseDeed | ImageDeed;
  /** What was deleted had failed as it was made. */
  readonly wasNothing?: boolean;
}

type DatabaseDeed = BackupHappened["kind"] | "delete";
type ImageDeed = `${DatabaseDeed}-image`;

export const isOfImages = (kind: BackupDeed["kind"]): kind is ImageDeed => kind.endsWith("-image");

/** Lives of one instance's backups, or of its images, from deeds in the order of their times. A copy that was never taken is of its own time; what failed never lived. */
export function livesOf(deeds: readonly BackupDeed[]): readonly BackupLife[] {
  const taken = new Map<string, number>();
  const lives = new Map<string, BackupLife>();
  const ended: BackupLife[] = [];
  for (const { kind, backup: id, region, at, wasNothing } of deeds) {
    const [place, atMs] = [`${region} ${id}`, Date.parse(at)];
    const life = lives.get(place);
    if (isDeletion(kind)) {
      ended.push(...endedAt(atMs, wasNothing ? undefined : life));
      lives.delete(place);
      continue;
    }
    taken.set(id, taken.get(id) ?? atMs);
    const takenMs = taken.get(id) ?? atMs;
    if (!life) lives.set(place, { id, region, takenMs, availableMs: atMs, schedules: [] });
  }
  return [...ended, ...lives.values()];
}

const endedAt = (removedMs: number, life: BackupLife | undefined): readonly BackupLife[] =>
  life ? [{ ...life, removedMs }] : [];

const isDeletion = (kind: BackupDeed["kind"]) => kind === "delete" || kind === "delete-image";
