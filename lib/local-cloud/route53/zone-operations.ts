import type {
  CreateHostedZoneCommandInput,
  DeleteHostedZoneCommandInput,
  GetHostedZoneCommandInput,
  HostedZone as HostedZoneShape,
  ListHostedZonesByNameCommandInput,
  ListHostedZonesCommandInput,
} from "@aws-sdk/client-route-53";
import { AwsError, type Operation } from "../wire/service.ts";
import type { Changes } from "./changes.ts";
import type { HostedZone, ZoneIdentity } from "./hosted-zone.ts";
import { newId } from "./ids.ts";
import { canonical, isDomainName, lastSegment, reversed } from "./names.ts";
import type { Zones } from "./zones.ts";

export interface ZoneDesk {
  readonly zones: Zones;
  readonly changes: Changes;
  readonly open: (identity: ZoneIdentity) => HostedZone;
  readonly nameServers: () => readonly string[];
}

/** AWS's page size, and its limit of it. */
const MAX_ZONES = 100;

export function zoneOperations(desk: ZoneDesk): Record<string, Operation> {
  const { zones, changes } = desk;
  const delegation = () => ({ NameServers: [...desk.nameServers()] });
  return {
    CreateHostedZone: async (input: CreateHostedZoneCommandInput) => {
      const zone = desk.open(newIdentity(input, zones));
      return {
        HostedZone: shape(zone),
        ChangeInfo: changes.submit(undefined, () => undefined),
        DelegationSet: delegation(),
        Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.identity.id}`,
      };
    },
    GetHostedZone: async ({ Id }: GetHostedZoneCommandInput) => ({
      HostedZone: shape(zones.get(Id)),
      DelegationSet: delegation(),
    }),
    DeleteHostedZone: async ({ Id }: DeleteHostedZoneCommandInput) => {
      const zone = zones.get(Id);
      if (count(zone) > 2) {
        throw new AwsError(
          "HostedZoneNotEmpty",
          "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        );
      }
      zones.remove(zone);
      return { ChangeInfo: changes.submit(undefined, () => undefined) };
    },
    ListHostedZones: async (input: ListHostedZonesCommandInput) => listById(zones, input),
    ListHostedZonesByName: async (input: ListHostedZonesByNameCommandInput) =>
      listByName(zones, input),
  };
}

function newIdentity(input: CreateHostedZoneCommandInput, zones: Zones): ZoneIdentity {
  const { Name = "", CallerReference = "", HostedZoneConfig, VPC } = input;
  if (VPC) {
    throw new AwsError("NotImplemented", `${Name}: the local cloud has public zones only`, 501);
  }
  if (!isDomainName(Name)) {
    throw new AwsError(
      "InvalidDomainName",
      `The domain name you specified is not valid: '${Name}'`,
    );
  }
  if (zones.all().some(({ identity }) => identity.callerReference === CallerReference)) {
    throw new AwsError(
      "HostedZoneAlreadyExists",
      "A hosted zone has already been created with the specified caller reference.",
      409,
    );
  }
  return {
    id: newId("Z"),
    name: canonical(Name),
    callerReference: CallerReference,
    ...(HostedZoneConfig?.Comment !== undefined && { comment: HostedZoneConfig.Comment }),
  };
}

function listById(zones: Zones, { Marker, MaxItems = MAX_ZONES }: ListHostedZonesCommandInput) {
  const ordered = zones.all().toSorted((a, b) => (a.identity.id < b.identity.id ? -1 : 1));
  const from = ordered.filter(({ identity }) => identity.id >= lastSegment(Marker ?? ""));
  const next = from[MaxItems];
  return {
    HostedZones: from.slice(0, MaxItems).map(shape),
    Marker: Marker ?? "",
    IsTruncated: next !== undefined,
    NextMarker: next?.identity.id,
    MaxItems,
  };
}

function listByName(zones: Zones, input: ListHostedZonesByNameCommandInput) {
  const { DNSName, HostedZoneId, MaxItems = MAX_ZONES } = input;
  const key = (name: string, id: string) => `${reversed(name)} ${id}`;
  const start = DNSName === undefined ? "" : key(canonical(DNSName), HostedZoneId ?? "");
  const from = zones
    .all()
    .map((zone) => ({ zone, at: key(zone.identity.name, zone.identity.id) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .filter(({ at }) => at >= start)
    .map(({ zone }) => zone);
  const next = from[MaxItems];
  return {
    HostedZones: from.slice(0, MaxItems).map(shape),
    DNSName,
    HostedZoneId,
    IsTruncated: next !== undefined,
    NextDNSName: next?.identity.name,
    NextHostedZoneId: next?.identity.id,
    MaxItems,
  };
}

const count = ({ book }: HostedZone) => [...book.values()].flat().length;

const shape = (zone: HostedZone): HostedZoneShape => ({
  Id: `/hostedzone/${zone.identity.id}`,
  Name: zone.identity.name,
  CallerReference: zone.identity.callerReference,
  Config: {
    PrivateZone: false,
    ...(zone.identity.comment !== undefined && { Comment: zone.identity.comment }),
  },
  ResourceRecordSetCount: count(zone),
});
