import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetAccountLimitCommand,
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  HealthCheckAlreadyExists,
  type HealthCheckConfig,
  HealthCheckVersionMismatch,
  ListHealthChecksCommand,
  NoSuchHealthCheck,
  type ResourceRecordSet,
  TooManyHealthChecks,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HealthCheck } from "../../../lib/local-cloud/route53/health-check.ts";
import { openAccount, ZONE } from "./account.ts";

const WAIT = { timeout: 8000, interval: 50 };
let account: Awaited<ReturnType<typeof openAccount>>;
let flag: { raised: boolean; port: number; server: Server };

beforeEach(async () => {
  account = await openAccount({ address: "127.97.53.2" });
  const server = createServer((_, response) =>
    response.writeHead(flag.raised ? 200 : 404).end(flag.raised ? "STOP" : "none"),
  );
  await new Promise<void>((done) => server.listen(0, "127.97.0.8", done));
  flag = { raised: false, server, port: (server.address() as AddressInfo).port };
});
afterEach(async () => {
  flag.server.close();
  await account.close();
});

const create = async (CallerReference: string, more: Partial<HealthCheckConfig> = {}) => {
  const HealthCheckConfig: HealthCheckConfig = {
    Type: "HTTP_STR_MATCH",
    SearchString: "STOP",
    IPAddress: "127.97.0.8",
    Port: flag.port,
    RequestInterval: 10,
    FailureThreshold: 1,
    ...more,
  };
  const command = new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig });
  return (await account.client.send(command)).HealthCheck?.Id ?? "";
};
const statusOf = async (HealthCheckId: string) => {
  const command = new GetHealthCheckStatusCommand({ HealthCheckId });
  const { HealthCheckObservations } = await account.client.send(command);
  return HealthCheckObservations?.[0]?.StatusReport?.Status;
};
const put = (...sets: ResourceRecordSet[]) =>
  account.client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: ZONE,
      ChangeBatch: {
        Changes: sets.map((set) => ({ Action: "UPSERT", ResourceRecordSet: set })),
      },
    }),
  );
const record = (Failover: "PRIMARY" | "SECONDARY", Value: string, check?: string) => ({
  Name: "db.example.ch",
  Type: "A" as const,
  TTL: 60,
  Failover,
  SetIdentifier: Failover,
  ResourceRecords: [{ Value }],
  ...(check !== undefined && { HealthCheckId: check }),
});

it("are counted beside what an account may have", async () => {
  const limit = (Type: "MAX_HEALTH_CHECKS_BY_OWNER" | "MAX_HOSTED_ZONES_BY_OWNER") =>
    account.client.send(new GetAccountLimitCommand({ Type }));
  await create("one");
  expect(await limit("MAX_HEALTH_CHECKS_BY_OWNER")).toMatchObject({
    ...{ Limit: { Type: "MAX_HEALTH_CHECKS_BY_OWNER", Value: 200 }, Count: 1 },
  });
  await expect(limit("MAX_HOSTED_ZONES_BY_OWNER")).rejects.toThrow(/knows health checks/);
});

describe("a health check", () => {
  it("that is inverted moves DNS to the standby when the flag is raised, and back", async () => {
    const stop = await create("stop", { Inverted: true });
    await put(record("PRIMARY", "127.97.0.1", stop), record("SECONDARY", "127.97.0.2"));
    const leadsTo = (address: string) =>
      vi.waitFor(async () => {
        expect(await account.resolver.resolve4("db.example.ch")).toEqual([address]);
      }, WAIT);
    await vi.waitFor(async () => expect(await statusOf(stop)).toMatch(/^Failure.*404/), WAIT);
    await leadsTo("127.97.0.1");
    flag.raised = true;
    await leadsTo("127.97.0.2");
    flag.raised = false;
    await leadsTo("127.97.0.1");
    const changes = account.log.all().filter(({ operation }) => operation === "HealthChanged");
    expect(changes.map(({ detail }) => detail["healthy"]).slice(-2)).toEqual([false, true]);
  });

  it("reports why it fails", async () => {
    const unresolved = await create("name", {
      IPAddress: undefined,
      FullyQualifiedDomainName: "no.ch",
    });
    const silent = await create("port", { Port: 1 });
    await vi.waitFor(async () => {
      expect(await statusOf(unresolved)).toBe("Failure: DNS resolution failed for no.ch");
      expect(await statusOf(silent)).toMatch(/^Failure: .*ECONNREFUSED/);
    }, WAIT);
  });

  it("is calculated from its children", async () => {
    const child = await create("child");
    const calculated = {
      Type: "CALCULATED" as const,
      ChildHealthChecks: [child],
      HealthThreshold: 1,
    };
    const parent = await create("parent", { ...calculated, IPAddress: undefined });
    await put(record("PRIMARY", "127.97.0.1", parent), record("SECONDARY", "127.97.0.2"));
    await vi.waitFor(async () => {
      expect(await account.resolver.resolve4("db.example.ch")).toEqual(["127.97.0.2"]);
    }, WAIT);
  });

  it("is kept, listed, updated by version and deleted", async () => {
    const { client } = account;
    const id = await create("once");
    expect(await create("once")).toBe(id);
    await expect(create("once", { Port: 1 })).rejects.toBeInstanceOf(HealthCheckAlreadyExists);
    const update = (HealthCheckVersion: number) =>
      client.send(
        new UpdateHealthCheckCommand({ HealthCheckId: id, HealthCheckVersion, Disabled: true }),
      );
    expect((await update(1)).HealthCheck).toMatchObject({
      HealthCheckVersion: 2,
      HealthCheckConfig: { Disabled: true, SearchString: "STOP" },
    });
    await expect(update(1)).rejects.toBeInstanceOf(HealthCheckVersionMismatch);
    expect((await client.send(new ListHealthChecksCommand({}))).HealthChecks).toHaveLength(1);
    await client.send(new DeleteHealthCheckCommand({ HealthCheckId: id }));
    await expect(
      client.send(new GetHealthCheckCommand({ HealthCheckId: id })),
    ).rejects.toBeInstanceOf(NoSuchHealthCheck);
    await expect(create("once")).rejects.toBeInstanceOf(HealthCheckAlreadyExists);
  });

  it("is one of two hundred of an account", async () => {
    const there = (await account.client.send(new ListHealthChecksCommand({}))).HealthChecks ?? [];
    const rest = Array.from({ length: 200 - there.length }, (_, index) => `fill-${index}`);
    // One after the other: the rate of the account holds for its checks as well.
    const made: string[] = [];
    for (const reference of rest) made.push(await create(reference, { Disabled: true }));
    await expect(create("one-more")).rejects.toBeInstanceOf(TooManyHealthChecks);
    // What is there already is no more.
    expect(await create("fill-0", { Disabled: true })).toBe(made[0]);
    for (const HealthCheckId of made) {
      await account.client.send(new DeleteHealthCheckCommand({ HealthCheckId }));
    }
  });

  it("of a kind the local cloud lacks is refused by name", async () => {
    const refused = create("metric", { Type: "CLOUDWATCH_METRIC" });
    await expect(refused).rejects.toThrow(/type CLOUDWATCH_METRIC: the local cloud has HTTP/);
  });
});

describe("the failure threshold", () => {
  const anySeen = fc.array(fc.boolean(), { maxLength: 30 });

  it("is the number of equal observations in a row that changes a check's mind", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), anySeen, (threshold, seen) => {
        const config: HealthCheckConfig = { Type: "HTTP", FailureThreshold: threshold };
        const shape = {
          Id: "1",
          CallerReference: "1",
          HealthCheckConfig: config,
          HealthCheckVersion: 1,
        };
        const check = new HealthCheck(shape);
        let healthy = true;
        seen.forEach((ok, index) => {
          check.observe({ ok, status: "", at: new Date(0) });
          const last = seen.slice(Math.max(0, index + 1 - threshold), index + 1);
          if (last.length === threshold && last.every((it) => it === ok)) healthy = ok;
          expect(check.isHealthy(() => true)).toBe(healthy);
        });
      }),
    );
  });
});
