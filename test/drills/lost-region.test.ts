import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { APPLICATION_USER } from "../../lib/drill/application-sql.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { everyVantageSawHealthy, ledgerOf } from "../../lib/drill/witness.ts";
import type { CloudEvent } from "../../lib/local-cloud/event-log.ts";
import { eventsOf, onStage } from "./rehearsal.ts";
import { StaleClient } from "./stale-client.ts";

const HOME = "eu-central-2";
const STANDBY = "eu-central-1";
const CONTROL = "eu-west-1";
const rootOf = ({ trace = "" }: CloudEvent) => /Root=([^;]+)/.exec(trace)?.[1];
const subjects = (stage: Stage, pattern: RegExp) =>
  eventsOf(stage, "sns", "EmailDelivered").filter(({ detail }) =>
    pattern.test(String(detail["subject"])),
  );

/** Neither its endpoints nor its databases are reached, and nobody there is told. */
function lose({ cloud: { ground, services } }: Stage): void {
  ground.cutOff.add(HOME);
  services.rds.cutOff(HOME);
}

function giveBack({ cloud: { ground, services } }: Stage): void {
  ground.cutOff.delete(HOME);
  services.rds.reconnect(HOME);
}

/** A row no writer of the drill makes. */
const BESIDE = -1_000_000;

interface Exported {
  readonly tables: readonly { readonly table: string; readonly rows: readonly { id: number }[] }[];
}

interface Owed {
  readonly state: string;
  readonly by?: string;
}

describe("a home region that is lost, failed over without, and comes back", () => {
  let stage: Stage;
  let stale: StaleClient;
  let lostAt = 0;
  let returnedAt = 0;

  const debt = (region: string, kind = "fence") =>
    ledgerOf(stage, region).read<Owed>(`debts/acme/${kind}.json`);

  const atHome = (statement: string) =>
    stage.cloud.services.rds.adminQuery(HOME, "acme-db", statement);

  beforeAll(async () => {
    stage = await onStage("examples/fleet.yaml", 60);
    const [acme] = stage.fleet.instances;
    if (!acme) throw new Error("the example has no instance");
    stale = new StaleClient(stage, acme);
    await everyVantageSawHealthy(stage, () => {});
    await atHome("grant pg_read_all_data to sla");
    lostAt = Date.now();
    lose(stage);
    await vi.waitUntil(() => subjects(stage, /acme: failover (done|halted)/i).length > 0, {
      timeout: 180_000,
    });
    expect(eventsOf(stage, "states", "ExecutionFailed")).toEqual([]);
  }, 330_000);
  afterAll(async () => {
    await stale?.stop();
    await stage?.close();
  });

  it("leaves a fence and its roles owed", async () => {
    expect(await debt(CONTROL)).toMatchObject({ state: "owed" });
    expect(await debt(STANDBY, `roles-${HOME}`)).toMatchObject({ state: "owed" });
    const touched = eventsOf(stage, "rds", "ModifyDBInstance").filter(({ at }) => at >= lostAt);
    expect(touched).toEqual([]);
  });

  it("is fenced as soon as it answers, and a client with its address writes no more", async () => {
    // Somebody inside the lost region has written all along.
    await atHome(`insert into drill_rows (id) values (${BESIDE})`);
    returnedAt = Date.now();
    giveBack(stage);
    stale.persist();
    const isPaid = async () => (await debt(HOME))?.state === "paid";
    await vi.waitUntil(isPaid, { timeout: 30_000, interval: 100 });
    const [before, attempts] = [stale.acknowledged, stale.attempts];
    await vi.waitUntil(() => stale.attempts >= attempts + 4, { timeout: 10_000 });
    expect(stale.acknowledged).toBe(before);
    const sessions = `select pid from pg_stat_activity where usename = '${APPLICATION_USER}'`;
    expect(await atHome(sessions)).toEqual([]);
  });

  it("hears the new roles, and the debts are paid in every ledger", async () => {
    const roles = (region: string) =>
      ledgerOf(stage, region).read<{ epoch: number }>("roles/acme.json");
    const told = async () => (await roles(HOME))?.epoch === 2;
    await vi.waitUntil(told, { timeout: 15_000, interval: 100 });
    const paid = await Promise.all([HOME, STANDBY, CONTROL].map((each) => debt(each)));
    expect(new Set(paid.map((each) => each?.state))).toEqual(new Set(["paid"]));
    expect(new Set(paid.map((each) => each?.by)).size).toBe(1);
  });

  it("gives up the rows it took beside its successor", async () => {
    const payer = (await debt(HOME))?.by ?? "";
    const ledger = ledgerOf(stage, payer);
    const exported = async () =>
      (await ledger.keys("failovers/acme/")).find((key) => key.endsWith("/divergent.json.gz"));
    await vi.waitUntil(async () => (await exported()) !== undefined, { timeout: 15_000 });
    const found = await ledger.read<Exported>((await exported()) ?? "");
    const rows = found?.tables.find(({ table }) => table === "public.drill_rows")?.rows ?? [];
    expect(rows.map(({ id }) => id)).toContain(BESIDE);
    const { rds } = stage.cloud.services;
    const kept = await rds.adminQuery(STANDBY, "acme-db-standby", "select id from drill_rows");
    const successors = new Set(kept.map(({ id }) => Number(id)));
    expect(successors.size).toBeGreaterThan(0);
    expect(rows.filter(({ id }) => successors.has(id))).toEqual([]);
  });

  it("is told once to each who has to hear of it", async () => {
    await vi.waitUntil(() => subjects(stage, /acme.*fence debt paid/).length >= 2, {
      timeout: 15_000,
    });
    const recipients = subjects(stage, /acme.*fence debt paid/).map(({ detail }) => detail["to"]);
    expect(recipients.toSorted()).toEqual(["it@acme.example", "ops@mintsys.example"]);
  });

  it("was changed by nobody but the scheduled payer", () => {
    const payers = new Set(
      eventsOf(stage, "scheduler", "Fired")
        .filter(({ detail }) => detail["schedule"] === "sla-debts")
        .map(rootOf),
    );
    const changes = ["ModifyDBInstance", "RebootDBInstance"]
      .flatMap((operation) => eventsOf(stage, "rds", operation))
      .filter(({ at, region }) => at >= returnedAt && region === HOME);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.filter((each) => !payers.has(rootOf(each)))).toEqual([]);
  });
});
