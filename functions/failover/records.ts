/** One CNAME record set of the instance. */
export interface DnsRecord {
  readonly name: string;
  readonly target: string;
  /** Seconds. */
  readonly ttl: number;
  /** Absent: a simple record. */
  readonly failover?: {
    readonly role: "PRIMARY" | "SECONDARY";
    readonly setIdentifier: string;
    readonly healthCheck?: string;
  };
}

/** Where each of the instance's names has to lead. */
export type Targets = ReadonlyMap<string, string>;

/**
 * The records with the new targets, all else as it was: both answers of a failover pair lead to the new
 * primary, so that no health check can bring the old one back. Names without a target stay.
 */
export const rewritten = (records: readonly DnsRecord[], targets: Targets): readonly DnsRecord[] =>
  records.map((record) => ({ ...record, target: targets.get(record.name) ?? record.target }));

/** Those whose target really changes. */
export const changed = (before: readonly DnsRecord[], after: readonly DnsRecord[]) =>
  after.filter((record, index) => !sameName(record.target, before[index]?.target ?? ""));

export const sameName = (a: string, b: string) => bare(a) === bare(b);

/** In lower case and without the last dot, by which names are compared. */
export const bare = (name: string) => name.toLowerCase().replace(/\.$/, "");
