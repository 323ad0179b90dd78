import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signpostBy } from "../../../functions/aws/route53-signpost.ts";
import { rewritten } from "../../../functions/failover/records.ts";
import { openAccount, ZONE } from "../../local-cloud/route53/account.ts";

const NAMES = ["db.acme.example.ch", "acme.example.ch"];

describe("the signpost on Route 53", () => {
  let account: Awaited<ReturnType<typeof openAccount>>;

  beforeAll(async () => {
    account = await openAccount({ address: "127.0.91.53" });
    await create("db.acme.example.ch", "old.example", "PRIMARY", "a");
    await create("db.acme.example.ch", "standby.example", "SECONDARY", "b");
    await create("acme.example.ch", "app-2.example");
    await create("db.acme.example.ch.neighbour.example.ch", "neighbour.example");
  });
  afterAll(() => account.close());

  const create = (Name: string, Value: string, Failover?: "PRIMARY" | "SECONDARY", id?: string) =>
    account.client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: ZONE,
        ChangeBatch: {
          Changes: [
            {
              Action: "CREATE",
              ResourceRecordSet: {
                Name,
                Type: "CNAME",
                TTL: 60,
                ResourceRecords: [{ Value }],
                ...(Failover && { Failover, SetIdentifier: id }),
              },
            },
          ],
        },
      }),
    );

  it("reads exactly the names it is asked for, both answers of a pair", async () => {
    const found = await signpostBy(account.client).records(ZONE, NAMES);
    expect(found.map(({ name, target, failover }) => [name, target, failover?.role])).toEqual([
      ["db.acme.example.ch", "old.example", "PRIMARY"],
      ["db.acme.example.ch", "standby.example", "SECONDARY"],
      ["acme.example.ch", "app-2.example", undefined],
    ]);
  });

  it("writes both answers in one batch and sees it come into sync", async () => {
    const signpost = signpostBy(account.client);
    const targets = new Map([["db.acme.example.ch", "new.example"]]);
    const change = await signpost.write(
      ZONE,
      rewritten(await signpost.records(ZONE, ["db.acme.example.ch"]), targets),
    );
    await expect.poll(() => signpost.isInSync(change), { timeout: 20_000 }).toBe(true);
    const { ResourceRecordSets } = await account.client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: ZONE }),
    );
    const cnames = (ResourceRecordSets ?? []).filter(({ Type }) => Type === "CNAME");
    expect(cnames.map(({ ResourceRecords }) => ResourceRecords?.[0]?.Value).toSorted()).toEqual([
      "app-2.example",
      "neighbour.example",
      "new.example",
      "new.example",
    ]);
  });

  it("reads many names of a zone page by page, and finds the same", async () => {
    const turns: number[] = [];
    const signpost = signpostBy(account.client, async () => void turns.push(1));
    const many = Array.from({ length: 30 }, (_, index) => `none-${index}.example.ch`);
    const found = await signpost.records(ZONE, [...many, ...NAMES]);
    expect(found.map(({ name }) => name).toSorted()).toEqual([
      "acme.example.ch",
      "db.acme.example.ch",
      "db.acme.example.ch",
    ]);
    expect(turns).toHaveLength(1);
  });

  it("says that a batch is refused for good, and that a change it does not know is not in sync", async () => {
    const signpost = signpostBy(account.client);
    const bad = { name: "db.acme.example.org", target: "new.example", ttl: 60 };
    await expect(signpost.write(ZONE, [bad])).rejects.toMatchObject({ code: "RecordsRefused" });
    expect(await signpost.isInSync("/change/C0UNKNOWN")).toBe(false);
  });

  it("knows the name servers of the zone", async () => {
    const servers = await signpostBy(account.client).nameServers(ZONE);
    expect(servers.length).toBeGreaterThan(0);
  });
});
