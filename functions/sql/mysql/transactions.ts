/** Which transactions a server holds. */
export interface Held {
  readonly held: string | null;
  /** MySQL's `gtid_mode`; absent on servers that number every transaction. */
  readonly mode?: string;
}

/** Empty where new transactions get no numbers: a set of those of earlier says nothing of them, however alike two of them are. */
export const numberedIn = ({ held, mode = "ON" }: Held): string =>
  /^ON/.test(mode) ? (held ?? "").replaceAll(/\s/g, "") : "";

/** `0-1107309456-4211`: of a domain, by a server, the number. */
const MARIADB_GTID = /^(\d+)-(\d+)-(\d+)$/;

/**
 * Transactions that a MariaDB server has written beside those of a horizon: numbers rise by one in each domain,
 * whoever writes. Undefined: one of both says nothing that can be counted.
 */
export function mariadbBeyond(written: string, horizon: string): number | undefined {
  const [now, before] = [domainsOf(written), domainsOf(horizon)];
  if (!now || !before) return undefined;
  const counts = [...now].map(([domain, number]) => number - (before.get(domain) ?? 0n));
  return Number(counts.reduce((sum, count) => (count > 0n ? sum + count : sum), 0n));
}

/** `uuid:1-5:7,uuid:3` as MySQL says sets of transactions: how many are in it. Undefined: it is none. */
export function mysqlCount(set: string): number | undefined {
  const runs = set
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .flatMap((each) => each.split(":").slice(1));
  const counts = runs.map((run) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(run) ?? [];
    return first === undefined || last === undefined
      ? Number.NaN
      : Number(last) - Number(first) + 1;
  });
  const sum = counts.reduce((all, count) => all + count, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

function domainsOf(position: string): ReadonlyMap<string, bigint> | undefined {
  const domains = new Map<string, bigint>();
  for (const each of position.split(",").filter((text) => text.trim() !== "")) {
    const [, domain, , number] = MARIADB_GTID.exec(each.trim()) ?? [];
    if (domain === undefined || number === undefined) return undefined;
    domains.set(domain, BigInt(number));
  }
  return domains;
}
