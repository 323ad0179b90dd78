import { type Finding, findingsOf } from "./finding.ts";

/** A record set of one of an instance's names. */
export interface RecordLook {
  readonly name: string;
  readonly type: string;
  /** Where a CNAME or an alias leads: lower case, without a final dot or the prefix of dual-stack aliases. */
  readonly target?: string;
  /** Seconds; absent for an alias. */
  readonly ttl?: number;
  readonly failover?: { readonly role: "PRIMARY" | "SECONDARY"; readonly healthCheck?: string };
}

/** Where a name has to lead by the roles of now; `standby` absent: nobody stands by. */
export interface NameWanted {
  readonly name: string;
  readonly primary: string;
  readonly standby?: string;
  /** Seconds. */
  readonly ttl: number;
  /** Whether a STOP check has to be on PRIMARY. */
  readonly isChecked: boolean;
}

/** Whether clients are led to whoever serves, and could be led elsewhere in time. */
export function judgeName(
  about: string,
  wanted: NameWanted,
  all: readonly RecordLook[],
): readonly Finding[] {
  const { name, ttl } = wanted;
  const mend = `npx sla adopt ${about}`;
  const { broken } = findingsOf({ area: "names", about });
  const records = all.filter((record) => bare(record.name) === bare(name));
  if (records.length === 0) {
    return [broken({ of: `lead of ${name}`, says: `${name} leads nowhere`, mend })];
  }
  const slow = Math.max(...records.map((record) => record.ttl ?? 0));
  const says = `resolvers keep ${name} for ${slow} s, the RTO counts on ${ttl} s`;
  return [
    ...leadFindings(about, wanted, records),
    ...(slow > ttl ? [broken({ of: `TTL of ${name}`, says, mend })] : []),
    ...pairFindings(about, wanted, records),
  ];
}

/** PRIMARY, or the only one, answers as long as nothing is wrong. */
function leadFindings(
  about: string,
  { name, primary }: NameWanted,
  records: readonly RecordLook[],
): readonly Finding[] {
  const first = records.find(({ failover }) => failover?.role !== "SECONDARY");
  if (first?.target !== undefined && bare(first.target) === bare(primary)) return [];
  const lead = first?.target ?? "nothing that a CNAME names";
  const { broken } = findingsOf({ area: "names", about });
  return [
    broken({
      of: `lead of ${name}`,
      says: `${name} leads to ${lead}, not to ${primary}, which serves`,
      mend: "npx sla status",
    }),
  ];
}

function pairFindings(
  about: string,
  { name, standby, isChecked }: NameWanted,
  records: readonly RecordLook[],
): readonly Finding[] {
  if (standby === undefined) return [];
  const mend = `npx sla adopt ${about}`;
  const { broken, risk } = findingsOf({ area: "names", about });
  const of = (role: string) => records.find(({ failover }) => failover?.role === role);
  const [primary, secondary] = [of("PRIMARY"), of("SECONDARY")];
  if (!primary || !secondary) {
    const says = `${name} is no failover pair, so only the API of Route 53 moves it`;
    return [broken({ of: `pair of ${name}`, says, mend })];
  }
  const astray = `SECONDARY of ${name} leads to ${secondary.target}, not to ${standby}`;
  const unchecked = `PRIMARY of ${name} has no STOP check, so only the API of Route 53 moves it`;
  return [
    ...(bare(secondary.target ?? "") === bare(standby)
      ? []
      : [broken({ of: `SECONDARY of ${name}`, says: astray, mend })]),
    ...(isChecked && primary.failover?.healthCheck === undefined
      ? [risk({ of: `STOP check of ${name}`, says: unchecked, mend })]
      : []),
  ];
}

const bare = (name: string) => name.toLowerCase().replace(/\.$/, "");
