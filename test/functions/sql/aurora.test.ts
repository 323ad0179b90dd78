import { expect, it } from "vitest";
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
