import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../lib/local-cloud/mariadb/binaries.ts";
import { sla } from "../cli/sla.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`a drill of MariaDB: skipped, ${WITHOUT_MARIADB}`);

const reports = mkdtempSync(join(tmpdir(), "mariadb-drill-"));
afterAll(() => rmSync(reports, { recursive: true }));

const PACE = 30;
const FLEET = "test/fixtures/market-fleet.yaml";

/** The market, which sells something for a lost data center as well. */
const withSiteLoss = (market: string) =>
  market.replace(
    "rtoSeconds: 30m, includesDns: true }\n",
    "$&    siteLoss: { rpoSeconds: 24h, rtoSeconds: 24h, includesDns: true }\n",
  );

/** The market, whose shop has nobody that stands by and sells what comes back from its logs. */
const withoutStandby = (market: string) =>
  market
    .replace(/ {4}standby: eu-west-1\n/, "")
    .replace(", standby: shop-2", "")
    .replace(", standby: shop-ie.lb.example", "")
    .replace("plan: stall", "plan: kiosk")
    .replace(
      "plans:\n",
      `$&  kiosk:
    watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 }
    multiAz: { required: false, waitSeconds: 0 }
    siteLoss: { rpoSeconds: 24h, rtoSeconds: 24h, includesDns: true }
    backups:
      contents: [database]
      schedules: [{ every: 12h }]
      rotation: { perDay: 2, days: 7, weeks: 4, months: 3, count: 21, oldestMonths: 3 }
`,
    );

interface Result {
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

/** A drill in which all held, and of which nothing is left. */
async function held(...args: readonly string[]) {
  const run = await sla("drill", "--instance", "shop", "--json", "--out", reports, ...args);
  expect(run.stdout, run.stderr).toContain("checks");
  const result = JSON.parse(run.stdout) as Result;
  expect(
    result.checks.filter(({ ok }) => !ok),
    run.stderr,
  ).toEqual([]);
  expect(run).toMatchObject({ exitCode: 0, left: { processes: [], directories: [] } });
  expect(run).toMatchObject({ exitCode: 0, left: { processes: [], directories: [] } });
  return { run, result };
}

describe.skipIf(!hasMariadb)("a shop on MariaDB beside a ledger on PostgreSQL", () => {
  it("survives the death of its primary: fenced, promoted, led to, nothing lost beyond the RPO", {
    timeout: 300_000,
  }, async () => {
    const { run, result } = await held("--fleet", FLEET, "--pace", String(PACE));
    expect(result).toMatchObject({
      ...{ instance: "shop", fault: "kill", ok: true, promoted: true },
      writes: { acknowledged: expect.any(Number), acknowledgedByOldPrimaryAfterPromotion: 0 },
      dns: {
        before: expect.stringMatching(/^shop-1\.\S+\.eu-south-2\./),
        after: expect.stringMatching(/^shop-2\.\S+\.eu-west-1\./),
        neighboursMoved: 0,
      },
      debts: [],
    });
    // Clients that give up and come again leave nothing behind.
    expect(run.stderr).not.toContain("MaxListenersExceeded");
  });

  it("is left to a person whose standby received nothing for longer than the RPO", {
    timeout: 300_000,
  }, async () => {
    const { result } = await held(
      "--fleet",
      FLEET,
      "--pace",
      String(PACE),
      "--fault",
      "slow-standby",
    );
    expect(result).toMatchObject({
      ...{ instance: "shop", fault: "slow-standby", ok: true, promoted: false },
      writes: { lost: 0, acknowledgedByOldPrimaryAfterPromotion: 0 },
      halt: { code: expect.stringMatching(/^Halt(Behind|NotStreaming)$/), mails: 2 },
      dns: { after: expect.stringMatching(/^shop-1\.\S+\.eu-south-2\./) },
    });
  });

  it("is brought back to just before a table was dropped, from its logs", {
    timeout: 300_000,
  }, async () => {
    const file = join(reports, "fleet.yaml");
    writeFileSync(file, withSiteLoss(readFileSync(FLEET, "utf8")));
    const { result } = await held("--fleet", file, "--fault", "bad-data");
    expect(result).toMatchObject({
      ...{ instance: "shop", fault: "bad-data", ok: true, fence: "quarantined" },
      writes: { lost: 0, acknowledgedByOldPrimaryAfterPromotion: 0 },
      recovery: { from: "logs", region: "eu-south-2", database: "shop-1-slar1" },
    });
  });

  it("without a standby is brought back from its logs as well", {
    timeout: 300_000,
  }, async () => {
    const file = join(reports, "alone.yaml");
    writeFileSync(file, withoutStandby(readFileSync(FLEET, "utf8")));
    const paced = ["--pace", String(PACE), "--fault", "bad-data"];
    const { result } = await held("--fleet", file, ...paced);
    expect(result).toMatchObject({
      ...{ instance: "shop", fault: "bad-data", ok: true },
      writes: { lost: 0, acknowledgedByOldPrimaryAfterPromotion: 0 },
      recovery: { from: "logs", region: "eu-south-2", database: "shop-1-slar1" },
    });
  });
});
