import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { canonical, reversed } from "./names.ts";

/** All record sets of a zone by canonical name. Never changed: a batch makes a new one. */
export type RecordBook = ReadonlyMap<string, readonly ResourceRecordSet[]>;

/** What makes two record sets the same one, by name of the API's fields. */
export interface Identity {
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
  readonly SetIdentifier?: string | undefined;
}

/** `Name`s of both are canonical. */
export const isSame = (a: Identity, b: Identity) =>
  a.Name === b.Name && a.Type === b.Type && a.SetIdentifier === b.SetIdentifier;

/** As Route 53's messages name a record set. */
export const describe = ({ Name, Type, SetIdentifier }: Identity) =>
  `[name='${Name}', type='${Type}'${SetIdentifier === undefined ? "" : `, set identifier='${SetIdentifier}'`}]`;

/** Route 53's order: names with their labels reversed, then types, then set identifiers. */
export function compare(a: Identity, b: Identity): number {
  const left = sortKeys(a);
  const right = sortKeys(b);
  const at = left.findIndex((key, index) => key !== right[index]);
  if (at < 0) return 0;
  return (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}

const sortKeys = ({ Name = "", Type = "", SetIdentifier = "" }: Identity) => [
  reversed(canonical(Name)),
  Type,
  SetIdentifier,
];

export const inOrder = (book: RecordBook): ResourceRecordSet[] =>
  [...book.values()].flat().toSorted(compare);

/** Values in any order are the same record set; a TTL, a check or a target that differs is another one. */
export const isEqual = (a: ResourceRecordSet, b: ResourceRecordSet) => content(a) === content(b);

const content = ({ ResourceRecords, AliasTarget, ...rest }: ResourceRecordSet) =>
  JSON.stringify([
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ResourceRecords?.map(({ Value }) => Value).toSorted(),
    AliasTarget && [
      AliasTarget.HostedZoneId,
      canonical(AliasTarget.DNSName ?? ""),
      AliasTarget.EvaluateTargetHealth,
    ],
  ]);
