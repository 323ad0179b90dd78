import type { ResourceRecordSet } from "@aws-sdk/client-route-53";

/** What may not stand side by side under one canonical name, as the batch leaves it. */
export function conflicts(
  name: string,
  sets: readonly ResourceRecordSet[],
  zone: string,
): readonly string[] {
  const byType = Map.groupBy(sets, ({ Type }) => Type ?? "");
  return [
    ...besideCname(name, [...byType.keys()], zone),
    ...[...byType].flatMap(([type, group]) => withinType(name, type, group)),
    ...(name === zone ? atApex(byType) : []),
  ];
}

function besideCname(name: string, types: readonly string[], zone: string): string[] {
  return types.length > 1 && types.includes("CNAME")
    ? [
        `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone}`,
      ]
    : [];
}

function withinType(name: string, type: string, sets: readonly ResourceRecordSet[]): string[] {
  const routed = sets.filter(({ SetIdentifier }) => SetIdentifier !== undefined);
  if (routed.length > 0 && routed.length < sets.length) {
    const identifier = routed[0]?.SetIdentifier;
    return [
      `RRSet with DNS name ${name}, type ${type}, SetIdentifier ${identifier} cannot be created because a non multianswer rrset exists with the same name and type.`,
    ];
  }
  const twice = (["PRIMARY", "SECONDARY"] as const).filter(
    (role) => routed.filter(({ Failover }) => Failover === role).length > 1,
  );
  return twice.map(
    (role) =>
      `RRSet with DNS name ${name}, type ${type}, and Failover ${role} cannot be created because another failover ${role} rrset exists with the same name and type.`,
  );
}

const atApex = (byType: ReadonlyMap<string, unknown>) => [
  ...(byType.has("SOA") ? [] : ["A HostedZone must contain exactly one SOA record."]),
  ...(byType.has("NS")
    ? []
    : ["A HostedZone must contain at least one NS record for the zone itself."]),
];
