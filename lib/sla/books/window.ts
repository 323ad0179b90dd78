import type { Span } from "./month.ts";

/** A window of maintenance as it was announced; written once and never changed. Instants are ISO 8601. */
export interface WindowRecord {
  readonly window: string;
  readonly kind: "planned" | "emergency";
  /** How its instances were named: `fleet`, `plan mintsys`, `instance acme`. */
  readonly scope: string;
  /** Ids, as they were when it was announced to them. */
  readonly instances: readonly string[];
  readonly fromAt: string;
  readonly toAt: string;
  /** Customers read it. */
  readonly reason: string;
  /** ARN of whoever announced it. */
  readonly by: string;
  readonly announcedAt: string;
  /** While it lasts no failover of its instances begins by itself, unless their home region does not answer. */
  readonly holdsFailovers?: true;
}

/** Beside the window, which stays as it was announced. */
export interface CancellationRecord {
  readonly cancels: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** One ledger's copy of a record. */
export interface Copy<T> {
  readonly record: T;
  /** ISO 8601: when the ledger took it, where it says so. */
  readonly writtenAt?: string;
}

/** What all copies together say of a window; instants in ms. */
export interface Window extends Span {
  readonly record: WindowRecord;
  /** From then on a ledger had it: no earlier than its record says, nor than the ledger itself. */
  readonly announcedMs: number;
  /** Likewise; absent: nobody has cancelled it. */
  readonly cancelledMs?: number;
}

/** Undefined where the copies speak of different windows: one of them was changed, and nobody can say which. */
export function windowOf(
  copies: readonly Copy<WindowRecord>[],
  cancellations: readonly Copy<CancellationRecord>[],
): Window | undefined {
  const [first] = copies;
  if (!first || new Set(copies.map(({ record }) => canonical(record))).size > 1) return undefined;
  const { record } = first;
  const cancelledMs = earliest(cancellations, ({ at }) => at);
  return {
    record,
    fromMs: Date.parse(record.fromAt),
    toMs: Date.parse(record.toAt),
    announcedMs: earliest(copies, ({ announcedAt }) => announcedAt) ?? Number.POSITIVE_INFINITY,
    ...(cancelledMs !== undefined && { cancelledMs }),
  };
}

/** A record may be dated back, the ledger's own time may not. */
function earliest<T>(copies: readonly Copy<T>[], stated: (record: T) => string) {
  const instants = copies.map(({ record, writtenAt }) =>
    Math.max(Date.parse(stated(record)), writtenAt === undefined ? 0 : Date.parse(writtenAt)),
  );
  return instants.length === 0 ? undefined : Math.min(...instants);
}

const canonical = (record: object) =>
  JSON.stringify(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** When it is over: as announced, or when it was cancelled. Not after its beginning: it never was. */
export const endOf = ({ toMs, cancelledMs = Number.POSITIVE_INFINITY }: Window): number =>
  Math.min(toMs, cancelledMs);

export const isInForce = (window: Window, atMs: number): boolean =>
  window.fromMs <= atMs && atMs < endOf(window);

/** The window that keeps a failover of the instance from beginning by itself; of several the one that lasts longest. */
export const holdingWindow = (
  windows: readonly Window[],
  instance: string,
  atMs: number,
): Window | undefined =>
  windows
    .filter(({ record }) => record.holdsFailovers && record.instances.includes(instance))
    .filter((window) => isInForce(window, atMs))
    .toSorted((a, b) => endOf(b) - endOf(a))
    .at(0);

/** A record whoever reads it can rely on; undefined for anything else. */
export function readWindow(value: unknown): WindowRecord | undefined {
  const found = value as Partial<WindowRecord> | null;
  if (typeof found !== "object" || !found) return undefined;
  const { window, kind, scope, instances, fromAt, toAt, reason, by, announcedAt } = found;
  const texts = [window, scope, reason, by, fromAt, toAt, announcedAt];
  const isKnown = kind === "planned" || kind === "emergency";
  const isListed = Array.isArray(instances) && instances.every((id) => typeof id === "string");
  const isTimed = isInstant(announcedAt) && Date.parse(fromAt ?? "") < Date.parse(toAt ?? "");
  return texts.every(isText) && isKnown && isListed && isTimed
    ? (found as WindowRecord)
    : undefined;
}

export function readCancellation(value: unknown): CancellationRecord | undefined {
  const found = value as Partial<CancellationRecord> | null;
  if (typeof found !== "object" || !found) return undefined;
  const { cancels, at, by, reason } = found;
  return [cancels, by, reason].every(isText) && isInstant(at)
    ? (found as CancellationRecord)
    : undefined;
}

const isText = (value: unknown) => typeof value === "string";
const isInstant = (value: unknown) => !Number.isNaN(Date.parse(String(value)));
