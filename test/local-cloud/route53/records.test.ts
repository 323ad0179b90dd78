import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  HostedZoneAlreadyExists,
  HostedZoneNotEmpty,
  InvalidChangeBatch,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  NoSuchChange,
  NoSuchHealthCheck,
  NoSuchHostedZone,
  type ResourceRecordSet,
  waitUntilResourceRecordSetsChanged,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { openAccount, ZONE } from "./account.ts";

let account: Awaited<ReturnType<typeof openAccount>>;
beforeEach(async () => {
  account = await openAccount({ address: "127.97.53.1" });
});
afterEach(() => account.close());

const cname = (Name: string, Value: string, more: Partial<ResourceRecordSet> = {}) =>
  ({ Name, Type: "CNAME", TTL: 60, ResourceRecords: [{ Value }], ...more }) as ResourceRecordSet;
const failover = (
  Failover: "PRIMARY" | "SECONDARY",
  Value: string,
  SetIdentifier: string = Failover,
) => cname("db.example.ch", Value, { Failover, SetIdentifier });
const change = (...changes: [ChangeAction, ResourceRecordSet][]) =>
  account.client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: ZONE,
      ChangeBatch: {
        Changes: changes.map(
          ([Action, ResourceRecordSet]): Change => ({
            Action,
            ResourceRecordSet,
          }),
        ),
      },
    }),
  );
const names = async () =>
  (
    await account.client.send(new ListResourceRecordSetsCommand({ HostedZoneId: ZONE }))
  ).ResourceRecordSets?.map(({ Name, Type, SetIdentifier }) =>
    [Name, Type, SetIdentifier].filter(Boolean).join(" "),
  );
const inSync = async ({ ChangeInfo }: Awaited<ReturnType<typeof change>>) =>
  vi.waitFor(
    async () => {
      const { ChangeInfo: now } = await account.client.send(
        new GetChangeCommand({ Id: ChangeInfo?.Id }),
      );
      expect(now?.Status).toBe("INSYNC");
    },
    { timeout: 20_000 },
  );

describe("a change of records", () => {
  it("is pending first, then in sync, and only then answered by the DNS", async () => {
    await account.close();
    account = await openAccount({ address: "127.97.53.1", propagationMs: 150 });
    account.dns.set("p.rds.amazonaws.com", "127.97.0.1", 5);
    const made = await change(["CREATE", cname("db.example.ch", "p.rds.amazonaws.com")]);
    expect(made.ChangeInfo).toMatchObject({ Status: "PENDING" });
    await expect(account.resolver.resolve4("db.example.ch")).rejects.toThrow("ENOTFOUND");
    await inSync(made);
    expect(await account.resolver.resolve4("db.example.ch")).toEqual(["127.97.0.1"]);
  });

  it("satisfies the SDK's waiter", async () => {
    const { ChangeInfo } = await change(["UPSERT", cname("a.example.ch", "b.example.ch")]);
    const patience = { client: account.client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 };
    const { state } = await waitUntilResourceRecordSetsChanged(patience, { Id: ChangeInfo?.Id });
    expect(state).toBe("SUCCESS");
  });

  it("is recorded with what stood before and what stands after", async () => {
    await change(["CREATE", cname("a.example.ch", "one.example.ch")]);
    const { ChangeInfo } = await change(["UPSERT", cname("A.example.ch.", "two.example.ch")]);
    const event = account.log.all().findLast(({ operation }) => operation === "RecordsChanged");
    expect(event?.detail).toMatchObject({
      zone: ZONE,
      changeId: ChangeInfo?.Id?.replace("/change/", ""),
      changes: [
        {
          name: "a.example.ch.",
          type: "CNAME",
          before: { ResourceRecords: [{ Value: "one.example.ch" }] },
          after: { ResourceRecords: [{ Value: "two.example.ch" }] },
        },
      ],
    });
  });

  it("moves failover records in one batch without an answer that leads to the old primary", async () => {
    account.dns.set("old.rds", "127.97.0.1", 5);
    account.dns.set("new.rds", "127.97.0.2", 5);
    await inSync(
      await change(
        ["CREATE", failover("PRIMARY", "old.rds")],
        ["CREATE", failover("SECONDARY", "new.rds")],
      ),
    );
    expect(await account.resolver.resolve4("db.example.ch")).toEqual(["127.97.0.1"]);
    await inSync(
      await change(
        ["UPSERT", failover("PRIMARY", "new.rds")],
        ["UPSERT", failover("SECONDARY", "new.rds")],
      ),
    );
    expect(await account.resolver.resolve4("db.example.ch")).toEqual(["127.97.0.2"]);
  });

  it("may replace a simple record by failover records in one batch", async () => {
    const simple = cname("db.example.ch", "old.rds");
    await change(["CREATE", simple]);
    await change(
      ["DELETE", simple],
      ["CREATE", failover("PRIMARY", "old.rds")],
      ["CREATE", failover("SECONDARY", "new.rds")],
    );
    expect(await names()).toContain("db.example.ch. CNAME PRIMARY");
    expect(await names()).not.toContain("db.example.ch. CNAME");
  });

  it("serves wildcards where nothing more precise exists", async () => {
    const wild = {
      Name: "*.example.ch",
      Type: "A",
      TTL: 60,
      ResourceRecords: [{ Value: "127.97.0.9" }],
    };
    await inSync(await change(["CREATE", wild as ResourceRecordSet]));
    expect(await account.resolver.resolve4("anything.example.ch")).toEqual(["127.97.0.9"]);
    expect(await names()).toContain("\\052.example.ch. A");
  });
});

describe("a batch that is refused", () => {
  const standing = cname("www.example.ch", "a.example.ch");
  beforeEach(async () => {
    await change(["CREATE", standing], ["CREATE", failover("PRIMARY", "p.rds", "one")]);
  });
  const a = (Name: string, Value: string) =>
    ({ Name, Type: "A", TTL: 60, ResourceRecords: [{ Value }] }) as ResourceRecordSet;

  test.for<[string, ChangeAction, ResourceRecordSet, RegExp]>([
    [
      "creates what exists",
      "CREATE",
      standing,
      /Tried to create resource record set \[name='www\.example\.ch\.', type='CNAME'\] but it already exists/,
    ],
    [
      "creates a set identifier that exists",
      "CREATE",
      failover("SECONDARY", "x.rds", "one"),
      /set identifier='one'\] but it already exists/,
    ],
    ["deletes what is not there", "DELETE", cname("no.example.ch", "a.ch"), /but it was not found/],
    [
      "deletes with other values",
      "DELETE",
      cname("www.example.ch", "b.example.ch"),
      /values provided do not match the current values/,
    ],
    [
      "deletes with another TTL",
      "DELETE",
      { ...standing, TTL: 61 },
      /values provided do not match/,
    ],
    [
      "puts a record beside a CNAME",
      "CREATE",
      a("www.example.ch", "127.0.0.1"),
      /CNAME .* conflicts with other records with the same DNS name/,
    ],
    [
      "puts a CNAME at the apex",
      "CREATE",
      cname("example.ch", "a.ch"),
      /not permitted at apex in zone example\.ch\./,
    ],
    [
      "mixes simple and failover",
      "CREATE",
      cname("db.example.ch", "x.rds"),
      /non multianswer rrset exists/,
    ],
    [
      "has two primaries",
      "CREATE",
      failover("PRIMARY", "x.rds", "two"),
      /another failover PRIMARY rrset exists/,
    ],
    [
      "leaves the zone",
      "CREATE",
      cname("www.example.org", "a.ch"),
      /www\.example\.org\. is not permitted in zone example\.ch\./,
    ],
    [
      "has an address that is none",
      "CREATE",
      a("x.example.ch", "127.0.0.256"),
      /IllegalIPv4Address/,
    ],
    [
      "takes the zone's own NS away",
      "DELETE",
      {
        Name: "example.ch",
        Type: "NS",
        TTL: 172_800,
        ResourceRecords: [{ Value: "ns-1.awsdns-local.com." }],
      },
      /at least one NS record/,
    ],
  ])("%s", async ([, action, set, message]) => {
    const before = await names();
    const refused = change(["UPSERT", cname("other.example.ch", "o.rds")], [action, set]);
    await expect(refused).rejects.toBeInstanceOf(InvalidChangeBatch);
    await expect(refused).rejects.toThrow(message);
    expect(await names()).toEqual(before);
  });

  test.for<[string, Partial<ResourceRecordSet>, string, RegExp]>([
    ["no set identifier", { Failover: "PRIMARY" }, "InvalidInput", /Missing field 'SetIdentifier'/],
    [
      "neither values nor alias",
      { TTL: undefined, ResourceRecords: undefined },
      "InvalidInput",
      /but found none/,
    ],
    [
      "a weight",
      { Weight: 1, SetIdentifier: "w" },
      "NotImplemented",
      /routing by Weight of x\.example\.ch.*simple and failover/,
    ],
    ["a type the DNS does not serve", { Type: "NAPTR" }, "NotImplemented", /records of type NAPTR/],
    [
      "a health check that is missing",
      { HealthCheckId: "11111111-1111" },
      "NoSuchHealthCheck",
      /11111111-1111/,
    ],
  ])("has %s", async ([, more, name, message]) => {
    const refused = change(["CREATE", { ...cname("x.example.ch", "y.rds"), ...more }]);
    await expect(refused).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it("is too large: an upsert counts twice", async () => {
    const many = Array.from({ length: 501 }, (_, n): [ChangeAction, ResourceRecordSet] => [
      "UPSERT",
      cname(`n${n}.example.ch`, "y.rds"),
    ]);
    await expect(change(...many)).rejects.toThrow("Number of records limit of 1000 exceeded.");
    await expect(change(...many.slice(1))).resolves.toBeDefined();
  });

  it("names what does not exist by its class", async () => {
    const { client } = account;
    const batch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet: standing }] };
    await expect(
      client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: "ZNO", ChangeBatch: batch })),
    ).rejects.toBeInstanceOf(NoSuchHostedZone);
    await expect(client.send(new GetChangeCommand({ Id: "CNO" }))).rejects.toBeInstanceOf(
      NoSuchChange,
    );
    const unchecked = change(["UPSERT", { ...standing, HealthCheckId: "no" }]);
    await expect(unchecked).rejects.toBeInstanceOf(NoSuchHealthCheck);
  });
});

describe("lists", () => {
  it("order record sets by reversed labels and page through them", async () => {
    await change(
      ["CREATE", cname("b.example.ch", "x.rds")],
      ["CREATE", cname("a.b.example.ch", "x.rds")],
      ["CREATE", cname("aa.example.ch", "x.rds")],
      ["CREATE", failover("SECONDARY", "x.rds")],
      ["CREATE", failover("PRIMARY", "x.rds")],
    );
    const everything = [
      "example.ch. NS",
      "example.ch. SOA",
      "aa.example.ch. CNAME",
      "b.example.ch. CNAME",
      "a.b.example.ch. CNAME",
      "db.example.ch. CNAME PRIMARY",
      "db.example.ch. CNAME SECONDARY",
    ];
    expect(await names()).toEqual(everything);
    const paged: unknown[] = [];
    let from: Partial<ListResourceRecordSetsCommandInput> | undefined = {};
    while (from) {
      const page: ListResourceRecordSetsCommandOutput = await account.client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: ZONE, MaxItems: 2, ...from }),
      );
      paged.push(...(page.ResourceRecordSets ?? []));
      from = page.IsTruncated
        ? {
            StartRecordName: page.NextRecordName,
            StartRecordType: page.NextRecordType,
            StartRecordIdentifier: page.NextRecordIdentifier,
          }
        : undefined;
    }
    expect(paged).toHaveLength(everything.length);
    expect(new Set(paged.map((set) => JSON.stringify(set))).size).toBe(everything.length);
    const start = { StartRecordName: "DB.example.ch", StartRecordType: "CNAME" as const };
    const tail = new ListResourceRecordSetsCommand({
      ...start,
      HostedZoneId: ZONE,
      StartRecordIdentifier: "SECONDARY",
    });
    expect((await account.client.send(tail)).ResourceRecordSets).toHaveLength(1);
  });

  it("show hosted zones with their name servers, by id and by name", async () => {
    const { client, resolver } = account;
    const created = await client.send(
      new CreateHostedZoneCommand({ Name: "Example.org", CallerReference: "once" }),
    );
    expect(created).toMatchObject({
      HostedZone: { Name: "example.org.", ResourceRecordSetCount: 2 },
      DelegationSet: { NameServers: ["ns-1.awsdns-local.com"] },
    });
    const again = new CreateHostedZoneCommand({ Name: "example.org", CallerReference: "once" });
    await expect(client.send(again)).rejects.toBeInstanceOf(HostedZoneAlreadyExists);
    const { DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: ZONE }));
    expect(await resolver.resolve4(DelegationSet?.NameServers?.[0] ?? "")).toEqual(["127.97.53.1"]);
    expect(await resolver.resolveNs("example.ch")).toEqual(DelegationSet?.NameServers);
    expect((await client.send(new ListHostedZonesCommand({}))).HostedZones).toHaveLength(2);
    const named = await client.send(new ListHostedZonesByNameCommand({ DNSName: "example.org" }));
    expect(named.HostedZones?.map(({ Name }) => Name)).toEqual(["example.org."]);
    await change(["CREATE", cname("a.example.ch", "b.rds")]);
    await expect(client.send(new DeleteHostedZoneCommand({ Id: ZONE }))).rejects.toBeInstanceOf(
      HostedZoneNotEmpty,
    );
    await client.send(new DeleteHostedZoneCommand({ Id: created.HostedZone?.Id }));
    await expect(resolver.resolveNs("example.org")).rejects.toThrow("ENOTFOUND");
  });
});

describe("the account's rate", () => {
  it("is five requests a second at pace 1", async () => {
    await account.close();
    account = await openAccount({ address: "127.97.53.1", pace: 1 });
    const get = () => account.client.send(new GetHostedZoneCommand({ Id: ZONE }));
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, get));
    const refused = outcomes.flatMap((it) => (it.status === "rejected" ? it.reason : []));
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused[0]).toMatchObject({ name: "Throttling", message: "Rate exceeded" });
    await vi.waitFor(get, { timeout: 2000, interval: 50 });
  });
});
