import { describe, expect, it, test } from "vitest";
import type { SqlTarget } from "../../../functions/sql/contract.ts";
import { failureOf, isBadLogin, isDeadSession } from "../../../functions/sql/failure.ts";
import { handleSql } from "../../../functions/sql/handle.ts";
import { Logins } from "../../../functions/sql/logins.ts";
import { AnswerTimedOut, ConnectTimedOut } from "../../../functions/sql/server.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { ScriptedServers } from "../../fakes/servers.ts";

const target = (instance: string): SqlTarget => ({
  instance,
  host: `${instance}.rds`,
  port: 5432,
  database: "postgres",
  secret: `${instance}/sla`,
});
const coded = (code: string, message = "words") => Object.assign(new Error(message), { code });
const NOON = new Date("2026-03-02T12:00:00Z");

describe("handleSql", () => {
  it("lets each target succeed or fail by itself", async () => {
    const servers = new ScriptedServers((instance) =>
      instance === "birch" ? coded("ECONNREFUSED", "nobody") : [{ at: NOON, sequence: 5 }],
    );
    const targets = ["acme", "birch", "cedar"].map(target);
    const answer = await handleSql({ operation: "beat", targets }, servers, new FakeClock(NOON));
    const beat = { at: NOON.toISOString(), sequence: 5 };
    expect(answer.results).toEqual([
      { instance: "acme", ok: true, value: beat },
      {
        instance: "birch",
        ok: false,
        failure: { kind: "unreachable", message: "nobody", code: "ECONNREFUSED" },
      },
      { instance: "cedar", ok: true, value: beat },
    ]);
  });

  it("keeps the number of open connections bounded", async () => {
    const servers = new ScriptedServers(() => [{ at: NOON, sequence: 1 }]);
    const targets = Array.from({ length: 250 }, (_, n) => target(`i${n}`));
    const request = { operation: "beat", targets } as const;
    const { results } = await handleSql(request, servers, new FakeClock(NOON));
    expect(results).toHaveLength(250);
    expect(servers.peak).toBeLessThanOrEqual(40);
  });

  it("says how many sessions are left when some cannot be ended", async () => {
    const servers = new ScriptedServers(() => [
      { pid: 1, ended: true },
      { pid: 2, ended: false },
    ]);
    const clock = new FakeClock(NOON);
    const request = { operation: "sever", targets: [target("acme")] } as const;
    const { results } = await handleSql(request, servers, clock);
    expect(results).toMatchObject([{ ok: true, value: { ended: 1, left: 2 } }]);
    expect(clock.now().getTime() - NOON.getTime()).toBeLessThanOrEqual(5000);
  });

  it("ends a client that was in the middle of its handshake, and is listed a moment later", async () => {
    const looks = [[], [{ pid: 7, ended: true }], [], []];
    const servers = new ScriptedServers(() => looks.shift() ?? []);
    const clock = new FakeClock(NOON);
    const request = { operation: "sever", targets: [target("acme")] } as const;
    const { results } = await handleSql(request, servers, clock);
    expect(results).toMatchObject([{ ok: true, value: { ended: 1, left: 0 } }]);
    expect(looks).toEqual([]);
    // A second lies between the two that found nobody.
    expect(clock.now().getTime() - NOON.getTime()).toBeGreaterThanOrEqual(2000);
  });
});

describe("failureOf", () => {
  test.for([
    ["nobody listens", coded("ECONNREFUSED"), "unreachable"],
    ["a name that does not resolve", coded("ENOTFOUND"), "unreachable"],
    ["packets that get lost", new ConnectTimedOut("no"), "unreachable"],
    ["a server that hangs up", new Error("Connection terminated unexpectedly"), "unreachable"],
    ["several addresses, none of which answers", aggregate("EHOSTUNREACH"), "unreachable"],
    ["a stopped server", new AnswerTimedOut("no"), "timed-out"],
    ["a statement that took too long", coded("57014"), "timed-out"],
    ["a server in recovery that was asked to write", coded("25006"), "refused"],
    ["a full server", coded("53300"), "refused"],
    ["a server that is starting up", coded("57P03"), "refused"],
    ["a wrong password", coded("28P01"), "refused"],
    ["another server's certificate", coded("ERR_TLS_CERT_ALTNAME_INVALID"), "refused"],
    ["a secret nobody may read", coded("CloudRefused"), "refused"],
  ] as const)("calls %s what it is", ([, cause, kind]) => {
    expect(failureOf(cause).kind).toBe(kind);
  });

  it("knows a wrong login and a dead session", () => {
    expect([coded("28P01"), coded("28000"), coded("25006")].map(isBadLogin)).toEqual([
      true,
      true,
      false,
    ]);
    expect([coded("57P01"), coded("EPIPE"), new AnswerTimedOut("no")].map(isDeadSession)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

function aggregate(code: string) {
  return new AggregateError([coded(code)]);
}

describe("Logins", () => {
  const counting = (text: () => string) => {
    const clock = new FakeClock(NOON);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return text();
    };
    return { clock, logins: new Logins({ read }, clock), reads: () => reads };
  };

  it("reads a secret once in five minutes, and again when it is forgotten", async () => {
    const { clock, logins, reads } = counting(() => '{"username":"sla","password":"x"}');
    await Promise.all([logins.of("s"), logins.of("s")]);
    expect(reads()).toBe(1);
    logins.forget("s");
    await logins.of("s");
    expect(reads()).toBe(2);
    await clock.wait(301);
    expect(await logins.of("s")).toEqual({ username: "sla", password: "x" });
    expect(reads()).toBe(3);
  });

  it("says which secret is not as expected without showing it, and does not keep it", async () => {
    const texts = ["hunter2", '{"username":"sla","password":"x"}'];
    const { logins } = counting(() => texts.shift() ?? "");
    const failure: Error = await logins.of("acme/sla").then(
      () => new Error("it was let through"),
      (cause) => cause,
    );
    expect(failure.message).toMatch(/^secret acme\/sla: expected/);
    expect(failure.message).not.toContain("hunter2");
    await expect(logins.of("acme/sla")).resolves.toMatchObject({ username: "sla" });
  });
});
