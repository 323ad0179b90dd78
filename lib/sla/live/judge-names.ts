import { broken, type Finding, risk } from "./finding.ts";

/** A record set of one of an instance's names. */
export interface RecordLook {
  readonly name: string;
  readonly type: string;
  readonly target?: string;
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
  const adopt = `npx sla adopt ${about}`;
  const records = all.filter(({ name }) => bare(name) === bare(wanted.name));
  if (records.length === 0) return [broken(about, `${wanted.name} leads nowhere`, adopt)];
  const slow = Math.max(...records.map(({ ttl = 0 }) => ttl));
  return [
    ...leadFindings(about, wanted, records),
    ...(slow > wanted.ttl
      ? [
          broken(
            about,
            `resolvers keep ${wanted.name} for ${slow} s, the RTO counts on ${wanted.ttl} s`,
            adopt,
          ),
        ]
      : []),
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
  return first?.target !== undefined && bare(first.target) === bare(primary)
    ? []
    : [
        broken(
          about,
          `${name} leads to ${first?.target ?? "nothing that a CNAME names"}, not to ${primary}, which serves`,
          "npx sla status",
        ),
      ];
}

function pairFindings(
  about: string,
  { name, standby, isChecked }: NameWanted,
  records: readonly RecordLook[],
): readonly Finding[] {
  if (standby === undefined) return [];
  const adopt = `npx sla adopt ${about}`;
  const of = (role: string) => records.find(({ failover }) => failover?.role === role);
  const [primary, secondary] = [of("PRIMARY"), of("SECONDARY")];
  if (!primary || !secondary) {
    return [
      broken(about, `${name} is no failover pair, so only the API of Route 53 moves it`, adopt),
    ];
  }
  return [
    ...(bare(secondary.target ?? "") === bare(standby)
      ? []
      : [
          broken(
            about,
            `SECONDARY of ${name} leads to ${secondary.target}, not to ${standby}`,
            adopt,
          ),
        ]),
    ...(isChecked && primary.failover?.healthCheck === undefined
      ? [
          risk(
            about,
            `PRIMARY of ${name} has no STOP check, so only the API of Route 53 moves it`,
            adopt,
          ),
        ]
      : []),
  ];
}

const bare = (name: string) => name.toLowerCase().replace(/\.$/, "");
