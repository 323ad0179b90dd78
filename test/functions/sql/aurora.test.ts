import { describe, expect, it } from "vitest";
import type { Reading, SqlTarget } from "../../../functions/sql/contract.ts";
import { handleSql } from "../../../functions/sql/handle.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { ScriptedServers } from "../../fakes/servers.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const TARGET: SqlTarget = {
  ...{ instance: "acme", host: "acme.cluster-ro-x", port: 5432, database: "postgres" },
  ...{ secret: "acme/sla", engine: "aurora-postgresql" },
};

/** What a cluster answers to `read`: one row of itself, then its newest heartbeat. */
async function readingOf(inRecovery: boolean, beatAgoSeconds: number | undefined) {
  const at =
    beatAgoSeconds === undefined ? undefined : new Date(NOW.getTime() - beatAgoSeconds * 1000);
  let asked = 0;
  const servers = new ScriptedServers(() => {
    asked += 1;
    if (asked === 1) return [{ now: NOW, inRecovery, sessions: 2 }];
    return at ? [{ at, sequence: 7 }] : [];
  });
  const request = { operation: "read", targets: [TARGET] } as const;
  const { results } = await handleSql(request, servers, new FakeClock(NOW));
  const [result] = results;
  if (!result?.ok) throw new Error(JSON.stringify(result));
  return result.value as Reading;
}

it.each([
  ["a heartbeat of now", true, 10, true],
  ["one of two minutes ago", true, 120, false],
  ["none", true, undefined, false],
  ["its own, as the primary", false, 1, false],
])("follows by its heartbeat: %s", async (_what, inRecovery, ago, streaming) => {
  const reading = await readingOf(inRecovery, ago);
  expect(reading).toMatchObject({ streaming, inRecovery, sessions: 2 });
  expect(reading).not.toHaveProperty("receivedLsn");
});

it("has nothing left to replay as a secondary", async () => {
  expect(await readingOf(true, 5)).toMatchObject({ undrainedBytes: 0 });
});

it("is not asked what nobody has taught us", async () => {
  const request = { operation: "diverge", targets: [TARGET], horizon: "7" } as const;
  const { results } = await handleSql(request, new ScriptedServers(() => []), new FakeClock(NOW));
  expect(results).toMatchObject([{ ok: false }]);
});

describe("Aurora MySQL", () => {
  const target: SqlTarget = { ...TARGET, port: 3306, engine: "aurora-mysql" };
  const asked: string[] = [];

  async function askedFor<T>(
    operation: "read" | "storage",
    answers: readonly (readonly object[] | Error)[],
  ): Promise<T> {
    asked.length = 0;
    const servers = new ScriptedServers((_instance, text) => {
      asked.push(text);
      return answers[asked.length - 1] ?? [];
    });
    const request = { operation, targets: [target] } as const;
    const [result] = (await handleSql(request, servers, new FakeClock(NOW))).results;
    if (!result?.ok) throw new Error(JSON.stringify(result));
    return result.value as T;
  }

  const beatOf = (secondsAgo: number) => ({
    at: new Date(NOW.getTime() - secondsAgo * 1000).toISOString(),
    sequence: "7",
  });

  it.each([
    ["a heartbeat of now", "1", 10, true],
    ["one of two minutes ago", "1", 120, false],
    ["its own, as the writer", "0", 1, false],
  ])("follows by its heartbeat: %s", async (_what, isClosed, ago, streaming) => {
    const state = { now: NOW.toISOString(), isClosed, sessions: "2" };
    const reading = await askedFor<Reading>("read", [[state], [beatOf(ago)]]);
    expect(reading).toMatchObject({ streaming, inRecovery: isClosed === "1", sessions: 2 });
    expect(reading).not.toHaveProperty("receivedLsn");
    expect(asked[0]).toContain("@@global.innodb_read_only");
    expect(asked.join("\n")).not.toMatch(/replica status|binary log/);
  });

  it("shows no heartbeat before it was prepared", async () => {
    const state = { now: NOW.toISOString(), isClosed: 1, sessions: 0 };
    const missing = Object.assign(new Error("no such table"), { code: "1146" });
    const reading = await askedFor<Reading>("read", [[state], missing]);
    expect(reading).not.toHaveProperty("beat");
    expect(reading.streaming).toBe(false);
  });

  it("keeps no log for anybody that could fill its storage", async () => {
    expect(await askedFor("storage", [[{ bytes: "4096" }]])).toEqual({
      ...{ databaseBytes: 4096, retainedBytes: 0, keptFor: "nobody" },
      ...{ replicaSlots: 0, isFetched: false },
    });
  });
});
