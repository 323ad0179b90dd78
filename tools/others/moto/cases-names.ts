import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { allChecksBy, checksBy } from "../../../functions/aws/route53-checks.ts";
import { namesBy } from "../../../functions/aws/route53-list.ts";
import { route53Zones } from "../../../functions/aws/route53-zones.ts";
import { type Case, nameOfError } from "./case.ts";

const client = () => new Route53Client({ region: "us-east-1" });
const freely = async () => undefined;
const LISTED =
  "Route 53 API, ListResourceRecordSets: names are answered in lower case, with a final dot";

async function zone(Name: string): Promise<string> {
  const made = await client().send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
  return made.HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
}

const change = (HostedZoneId: string, Changes: Change[]) =>
  client().send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));

const pairOf = (Name: string, Action: Change["Action"], check?: string): Change[] =>
  (["PRIMARY", "SECONDARY"] as const).map((Failover) => ({
    Action,
    ResourceRecordSet: {
      ...{ Name, Type: "CNAME", TTL: 60, Failover, SetIdentifier: Failover.slice(0, 1) },
      ResourceRecords: [{ Value: `${Failover.toLowerCase()}.example.` }],
      ...(Failover === "PRIMARY" && check !== undefined && { HealthCheckId: check }),
    },
  }));

const checked = async (CallerReference: string): Promise<string> => {
  const made = await client().send(
    new CreateHealthCheckCommand({
      CallerReference,
      HealthCheckConfig: {
        ...{ Type: "HTTPS", FullyQualifiedDomainName: "flags.example", ResourcePath: "/a/b" },
        ...{ Port: 443, Inverted: true, EnableSNI: true, RequestInterval: 10, FailureThreshold: 3 },
      },
    }),
  );
  return made.HealthCheck?.Id ?? "";
};

export const NAME_CASES: readonly Case[] = [
  {
    name: "a failover pair is read as it was written",
    by: LISTED,
    expected: [
      ["db.pair.example", "primary.example", 60, "PRIMARY"],
      ["db.pair.example", "secondary.example", 60, "SECONDARY"],
    ],
    async run() {
      const id = await zone("pair.example");
      await change(id, pairOf("db.pair.example", "CREATE"));
      const found = await route53Zones(client(), freely).records(id, ["DB.pair.example"]);
      const rows = found.map(({ name, target, ttl, failover }) => [
        name,
        target,
        ttl,
        failover?.role,
      ]);
      return rows.toSorted((one, other) => (String(one) < String(other) ? -1 : 1));
    },
  },
  {
    name: "the check of a PRIMARY record is named where the record is listed",
    by: "Route 53 API, ResourceRecordSet: HealthCheckId",
    expected: [["db.checked.example", true]],
    async run() {
      const [id, check] = [await zone("checked.example"), await checked("sla-stop-one")];
      await change(id, pairOf("db.checked.example", "CREATE", check));
      const found = await namesBy(client()).primaries(id, ["db.checked.example"]);
      return found.map(({ name, healthCheck }) => [name, healthCheck === check]);
    },
  },
  {
    name: "a batch with one change that cannot be made changes nothing",
    by: "Route 53 API, ChangeResourceRecordSets: all or none of the changes are made",
    expected: ["InvalidChangeBatch", 0],
    async run() {
      const id = await zone("batch.example");
      const [made] = pairOf("db.batch.example", "CREATE");
      const [gone] = pairOf("none.batch.example", "DELETE");
      const batch = [...(made ? [made] : []), ...(gone ? [gone] : [])];
      const error = await nameOfError(change(id, batch));
      const found = await route53Zones(client(), freely).records(id, ["db.batch.example"]);
      return [error, found.length];
    },
  },
  {
    name: "no CNAME stands beside another record of its name",
    by: "Route 53 Developer Guide, Supported DNS record types: CNAME",
    expected: "InvalidChangeBatch",
    async run() {
      const id = await zone("beside.example");
      const of = (Type: "A" | "CNAME", Value: string): Change => ({
        Action: "CREATE",
        ResourceRecordSet: {
          Name: "x.beside.example",
          Type,
          TTL: 60,
          ResourceRecords: [{ Value }],
        },
      });
      await change(id, [of("A", "192.0.2.1")]);
      return nameOfError(change(id, [of("CNAME", "other.example")]));
    },
  },
  {
    name: "a health check is made once for one caller reference",
    by: "Route 53 API, CreateHealthCheck: same CallerReference and settings answer the check there is",
    expected: [true, 1],
    async run() {
      const [first, again] = [await checked("sla-stop-same"), await checked("sla-stop-same")];
      const all = await allChecksBy(client()).all();
      return [first === again, all.filter(({ reference }) => reference === "sla-stop-same").length];
    },
  },
  {
    name: "of a check that is not there nothing is seen",
    by: "Route 53 API, GetHealthCheckStatus: NoSuchHealthCheck",
    expected: null,
    run: async () =>
      (await checksBy(client()).seen("11111111-2222-3333-4444-555555555555")) ?? null,
  },
];
