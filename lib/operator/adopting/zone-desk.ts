import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { answered, errorName } from "../../../functions/aws/cloud-errors.ts";
import { recordLookOf } from "../../../functions/aws/route53-zones.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { SlaError } from "../../../functions/kernel/errors.ts";
import { bare } from "./name-words.ts";
import type { NamedRecord, WantedRecord, Zones } from "./ports.ts";

/** More record sets than a name of ours ever has. */
const PER_NAME = 100;
const LOOK_SECONDS = 3;
const LOOK_FLOOR_MS = 100;
const IN_SYNC_WITHIN_SECONDS = 300;

/** `turn` comes before every call: an account has five a second. */
export function zoneDesk(client: Route53Client, clock: Clock, turn: () => Promise<void>): Zones {
  const call = async <T>(doing: string, send: () => Promise<T>): Promise<T> => {
    await turn();
    return answered(doing, send());
  };
  return {
    async records(zone, names) {
      const found: NamedRecord[] = [];
      for (const name of names) {
        const command = new ListResourceRecordSetsCommand({
          HostedZoneId: zone,
          StartRecordName: name,
          MaxItems: PER_NAME,
        });
        const said = await call(`list ${name} in zone ${zone}`, () => client.send(command));
        const sets = said.ResourceRecordSets ?? [];
        found.push(...sets.filter((set) => bare(set.Name ?? "") === bare(name)).map(recordOf));
      }
      return found;
    },

    async replace(zone, gone, wanted) {
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes: changesOf(gone, wanted), Comment: "hosting-sla: sla adopt" },
      });
      const { ChangeInfo } = await taken(zone, () =>
        call(`change records of zone ${zone}`, () => client.send(command)),
      );
      await inSync(ChangeInfo?.Id ?? "");
    },
  };

  async function inSync(Id: string): Promise<void> {
    const end = clock.now().getTime() + clock.paced(IN_SYNC_WITHIN_SECONDS, 10_000);
    while (clock.now().getTime() < end) {
      const said = await call(`get change ${Id}`, () => client.send(new GetChangeCommand({ Id })));
      if (said.ChangeInfo?.Status === "INSYNC") return;
      await clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
    }
    throw new SlaError("CloudUnreachable", "cloud", `change ${Id} of Route 53 is not in sync`);
  }
}

const recordOf = (set: ResourceRecordSet): NamedRecord => ({
  ...recordLookOf(set),
  routing: routingOf(set),
  whole: set,
});

function routingOf({ SetIdentifier, Failover }: ResourceRecordSet): NamedRecord["routing"] {
  if (SetIdentifier === undefined) return "simple";
  return Failover === undefined ? "other" : "failover";
}

const IDENTIFIERS = { PRIMARY: "a", SECONDARY: "b" } as const;

/** What stays the same record is put in its own place; the rest goes, then comes. */
export function changesOf(gone: readonly NamedRecord[], wanted: readonly WantedRecord[]): Change[] {
  const before = gone.map(({ whole }) => whole as ResourceRecordSet);
  const after = wanted.map((record) => setOf(record, before));
  const isKept = (set: ResourceRecordSet) => after.some((each) => isSame(each, set));
  return [
    ...before
      .filter((set) => !isKept(set))
      .map((set) => ({ Action: "DELETE" as const, ResourceRecordSet: set })),
    ...after.map((set) => ({
      Action: before.some((each) => isSame(each, set)) ? ("UPSERT" as const) : ("CREATE" as const),
      ResourceRecordSet: set,
    })),
  ];
}

const isSame = (one: ResourceRecordSet, other: ResourceRecordSet) =>
  bare(one.Name ?? "") === bare(other.Name ?? "") &&
  one.Type === other.Type &&
  one.SetIdentifier === other.SetIdentifier;

function setOf(record: WantedRecord, before: readonly ResourceRecordSet[]): ResourceRecordSet {
  const { name, target, ttl, failover } = record;
  const same = before.find(
    (set) => bare(set.Name ?? "") === bare(name) && set.Failover === failover?.role,
  );
  return {
    ...{ Name: name, Type: "CNAME", TTL: ttl, ResourceRecords: [{ Value: target }] },
    ...(failover && {
      Failover: failover.role,
      SetIdentifier: same?.SetIdentifier ?? IDENTIFIERS[failover.role],
      ...(failover.healthCheck !== undefined && { HealthCheckId: failover.healthCheck }),
    }),
  };
}

/** One change at a time and zone: the next look tries again. */
async function taken<T>(zone: string, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (cause) {
    if (errorName(cause) !== "PriorRequestNotComplete") throw cause;
    throw new SlaError("CloudThrottled", "cloud", `zone ${zone} is still busy`, { cause });
  }
}
