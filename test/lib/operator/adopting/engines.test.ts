import { describe, expect, it } from "vitest";
import { adoptAll } from "../../../../lib/operator/adopting/adopt.ts";
import type { Step, Wish } from "../../../../lib/operator/adopting/step.ts";
import { adoptSteps } from "../../../../lib/operator/adopting/steps.ts";
import { undoSteps } from "../../../../lib/operator/adopting/undo-steps.ts";
import type { StepReport, WalkReport } from "../../../../lib/operator/adopting/walk.ts";
import type { Engine } from "../../../../lib/sla/engine.ts";
import { fleetOf, instance } from "../../../fakes/fleet.ts";
import { Killed, LivingAccount, MASTER } from "../../../fakes/living-account.ts";

const all = (): readonly Step[] => adoptSteps(() => "a-password-of-chance");
const wishOf = (...engines: readonly Engine[]): Wish => ({
  readsRows: true,
  masters: Object.fromEntries(
    engines.map((engine) => [engine, { password: MASTER.password }] as const),
  ),
});
const ALL = wishOf("postgres", "mariadb", "mysql");

/** With STOP checks of its own, which go with it. */
const of = (id: string, engine?: Engine) =>
  instance(
    id,
    { dns: { zone: "Z1", names: { database: `db.${id}.example.ch` }, ttl: 60, stop: "own" } },
    engine,
  );
/** One of each engine. */
const mixed = () =>
  new LivingAccount(fleetOf([of("acme"), of("shop", "mariadb"), of("mill", "mysql")]));
const shop = (engine: Engine = "mariadb") => new LivingAccount(fleetOf([of("shop", engine)]));

async function walked(world: LivingAccount, wish: Wish = ALL, steps = all) {
  const { fleet } = world;
  const reports = await adoptAll({
    ...{ fleet, instances: fleet.instances, world, wish, steps, dryRun: false },
    tell: () => undefined,
  });
  return { reports, first: reports[0] as WalkReport };
}

async function adopted(world: LivingAccount) {
  await walked(world);
  world.deploy();
  return walked(world);
}

const stepOf = ({ steps }: WalkReport, name: string) =>
  steps.find(({ step }) => step === name) as StepReport;

describe("adopting MariaDB and MySQL", () => {
  it("makes them ready beside PostgreSQL, each with the parameter group of its engine", async () => {
    const world = mixed();
    const { reports } = await adopted(world);
    expect(reports.map(({ isWhole }) => isWhole)).toEqual([true, true, true]);
    const groups = ["acme", "shop", "mill"].map(
      (id) => world.made.get(`eu-central-1/${id}-db-standby`)?.look.parameterGroup,
    );
    expect(groups).toEqual(["odoo-15", "shops-10-11", "shops-8-4"]);
    expect(world.parameterGroups.get("eu-central-1/shops-10-11")).toMatchObject({
      family: "mariadb10.11",
      values: { require_secure_transport: "1", max_connections: "300" },
    });
    expect(world.astray).toEqual([]);
  });

  it("asks for no leave to read rows, which nobody looks for there", async () => {
    const world = mixed();
    const { reports } = await adopted(world);
    expect(world.state()).toMatchObject({
      roles: [
        ["acme-db.rds.example", true],
        ["shop-db.rds.example", false],
        ["mill-db.rds.example", false],
      ],
    });
    const advice = reports.map((report) => stepOf(report, "role").needs);
    expect(advice).toEqual([undefined, undefined, undefined]);
  });

  it("goes on from every change to the same end, and is taken back from each", async () => {
    const end = mixed();
    const before = end.state();
    await adopted(end);
    const state = end.state();
    expect(end.changes).toBeGreaterThan(18);
    for (let at = 1; at <= end.changes; at += 1) {
      const world = mixed();
      world.dies = { at, having: at % 2 === 0 ? "begun" : "done" };
      await expect(adopted(world), `${at}`).rejects.toBeInstanceOf(Killed);
      world.revive();
      await adopted(world);
      expect({ at, state: sorted(world.state()) }).toEqual({ at, state: sorted(state) });
      for (const { id } of world.fleet.instances) world.leave(id);
      await walked(world, ALL, undoSteps);
      expect({ at, state: sorted(world.state()) }).toEqual({ at, state: sorted(before) });
      expect({ at, astray: world.astray }).toEqual({ at, astray: [] });
    }
  });
});

/** Three at once are done in any order. */
const sorted = (state: unknown) =>
  Object.fromEntries(
    Object.entries(state as Record<string, readonly unknown[]>).map(([part, all]) => [
      part,
      all.map((each) => JSON.stringify(each).replace(/"check-\d+"/g, '"a check"')).toSorted(),
    ]),
  );

describe("what only a person can mend of MariaDB and MySQL", () => {
  const odd = (world: LivingAccount, place: string, values: Record<string, string>) => {
    const found = world.parameterGroups.get(place);
    const group = { family: "mariadb10.11", description: "by hand", ...found };
    world.parameterGroups.set(place, { ...group, values: { ...found?.values, ...values } });
  };
  const last = async (world: LivingAccount, wish = ALL) =>
    (await walked(world, wish)).first.steps.at(-1) as StepReport;

  it.each([
    ["at home", "eu-central-2/shops-10-11", "0"],
    ["where it would stand by", "eu-central-1/shops-10-11", "1"],
  ])("is a parameter group %s that opens or closes every server", async (_, place, value) => {
    const world = shop();
    odd(world, place, { read_only: value });
    const [region, group] = place.split("/");
    expect(await last(world)).toMatchObject({
      ...{ step: "parameters", is: "stuck" },
      needs: [
        {
          says: `${group} of ${region}: read_only is ${value}: a replica has to refuse writes, and what is promoted to take them`,
          mend: expect.stringContaining("ParameterName=read_only,ParameterValue={TrueIfReplica}"),
        },
      ],
    });
  });

  it("advises of values that some night cost rows, and goes on", async () => {
    const world = shop("mysql");
    odd(world, "eu-central-2/shops-8-4", { sync_binlog: "0", gtid_mode: "OFF_PERMISSIVE" });
    const { first } = await walked(world);
    expect(stepOf(first, "parameters")).toMatchObject({
      is: "done",
      needs: [
        { says: expect.stringContaining("sync_binlog is 0: after a crash a standby lacks") },
        { says: expect.stringContaining("gtid_mode is OFF_PERMISSIVE: nobody can say") },
      ],
    });
    expect(first.steps.at(-1)).toMatchObject({ step: "deployed", is: "next" });
  });

  it("wants the master of the engine, by the variables of its own client", async () => {
    const { needs = [] } = await last(shop(), wishOf("postgres"));
    expect(needs[0]?.says).toContain("by the variables of mariadb, which are written down nowhere");
    expect(needs[0]?.mend).toMatch(/^MYSQL_USER=postgres MYSQL_PWD='…' npx sla adopt shop/);
  });

  it.each([
    ["mariadb", "10.11.8", "rds_reset_external_master"],
    ["mysql", "8.0.40", "rds_reset_external_master"],
    ["mysql", "8.4.3", "rds_reset_external_source"],
  ] as const)(
    "is %s %s that another server feeds: it is no primary",
    async (engine, version, ends) => {
      const world = shop(engine);
      const found = world.made.get("eu-central-2/shop-db");
      if (found) found.look = { ...found.look, version };
      world.feeders.set("shop-db.rds.example", "old.example");
      expect(await last(world)).toMatchObject({
        ...{ step: "role", is: "stuck" },
        needs: [
          {
            says: expect.stringContaining("shop-db is fed with the log of old.example"),
            mend: expect.stringContaining(`call mysql.${ends};`),
          },
        ],
      });
      expect([...world.made.keys()]).toEqual(["eu-central-2/shop-db"]);
      world.feeders.clear();
      await adopted(world);
      expect(world.made.has("eu-central-1/shop-db-standby")).toBe(true);
    },
  );

  it("says how its user is taken away where no master does it", async () => {
    const world = shop();
    await adopted(world);
    world.leave("shop");
    const { first } = await walked(world, wishOf(), undoSteps);
    expect(stepOf(first, "role").needs?.[0]?.mend).toBe(
      `mariadb … -e "drop database hosting_sla; drop user 'sla'@'%'"`,
    );
  });

  it.each([
    ["mariadb", "10.4.34", "MariaDB 10.4.34 cannot say how far a replica is"],
    ["mysql", "8.0.21", "MySQL 8.0.21 does not understand how its replicas are asked"],
  ] as const)("is %s %s", async (engine, version, words) => {
    const world = shop(engine);
    const found = world.made.get("eu-central-2/shop-db");
    if (found) found.look = { ...found.look, version };
    const { step, needs = [] } = await last(world);
    expect([step, needs[0]?.says]).toEqual(["checks", expect.stringContaining(words)]);
  });

  it("is an engine that the fleet calls another", async () => {
    const world = shop();
    const found = world.made.get("eu-central-2/shop-db");
    if (found) found.look = { ...found.look, engine: "mysql" };
    expect((await last(world)).needs?.map(({ says }) => says)).toContain(
      "shop-db runs mysql, the fleet says mariadb; write 'engine: mysql' into its database of the fleet file",
    );
  });
});
