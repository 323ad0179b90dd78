import { describe, expect, it } from "vitest";
import { adoptAll } from "../../../../lib/operator/adopting/adopt.ts";
import type { Step, Wish } from "../../../../lib/operator/adopting/step.ts";
import { adoptSteps } from "../../../../lib/operator/adopting/steps.ts";
import { undoSteps } from "../../../../lib/operator/adopting/undo-steps.ts";
import type { StepReport, WalkReport } from "../../../../lib/operator/adopting/walk.ts";
import type { Instance } from "../../../../lib/sla/fleet.ts";
import type { Plan } from "../../../../lib/sla/plan.ts";
import { promotedRoles } from "../../../../lib/sla/roles.ts";
import { alone, fleetOf, instance, QUICK_PLAN } from "../../../fakes/fleet.ts";
import { Killed, LivingAccount, MASTER } from "../../../fakes/living-account.ts";

const APP = { home: "acme-2.elb.example", standby: "acme-1.elb.example" };
const NAMES = { database: "db.acme.example.ch", app: "acme.example.ch" };
const DNS = { zone: "Z1", names: NAMES, ttl: 60, stop: "own" } as const;
const acme = (changes: Partial<Instance> = {}) =>
  instance("acme", { app: APP, dns: DNS, copies: ["eu-central-1", "eu-west-1"], ...changes });
const SOLD = { ...QUICK_PLAN, backups: { schedules: [] } } as unknown as Plan;
const WISH: Wish = { readsRows: true, masters: { postgres: { password: MASTER.password } } };

const account = (...instances: readonly Instance[]) => new LivingAccount(fleetOf(instances, SOLD));

const all = (): readonly Step[] => adoptSteps(() => "a-password-of-chance");

async function walked(world: LivingAccount, steps = all, wish = WISH, dryRun = false) {
  const said: string[] = [];
  const { fleet } = world;
  const reports = await adoptAll({
    ...{ fleet, instances: fleet.instances, world, wish, steps, dryRun },
    tell: (id, step, is, words) => void said.push(`${id} ${step} ${is} ${words}`),
  });
  return { reports, said, first: reports[0] as WalkReport };
}

/** Until nothing but a deployment is missing, then that, then to the end. */
async function adopted(world: LivingAccount, wish = WISH) {
  await walked(world, all, wish);
  world.deploy();
  return walked(world, all, wish);
}

const stepOf = ({ steps }: WalkReport, name: string) =>
  steps.find(({ step }) => step === name) as StepReport;
const needsOf = (report: WalkReport) =>
  report.steps.flatMap(({ needs = [] }) => needs.map(({ says }) => says));

describe("adopting", () => {
  it("makes a living instance ready, up to the deployment and then to its first backups", async () => {
    const world = account(acme());
    const { first } = await walked(world);
    expect(first.steps.map(({ step, is }) => `${step} ${is}`)).toEqual([
      ...["checks done", "tags done", "parameters done", "secret done", "role done", "TTL done"],
      ...["standby done", "names done", "deployed next"],
    ]);
    world.deploy();
    const after = await walked(world);
    expect(after.first).toMatchObject({ instance: "acme", isWhole: true });
    expect(world.astray).toEqual([]);
    expect(world.state()).toMatchObject({
      subnetGroups: ["eu-central-1/sla-standbys"],
      secrets: [["acme-db/sla", { madeFor: "acme" }]],
      roles: [["acme-db.rds.example", true]],
      // No function URLs are served in Zurich, so there is no flag for the way back.
      checks: [["check-1", "sla-stop-acme-eu-central-1"]],
    });
    const pair = [
      { role: "PRIMARY", target: "acme-db.rds.example", check: "check-1" },
      { role: "SECONDARY", target: "acme-db-standby.rds.example", check: undefined },
    ];
    const records = world.sets.get("db.acme.example.ch") ?? [];
    expect(
      records
        .map(({ target, ttl, failover }) => ({
          ...{ target, ttl, role: failover?.role, check: failover?.healthCheck },
        }))
        .toSorted((one, other) => ((one.role ?? "") < (other.role ?? "") ? -1 : 1)),
    ).toEqual(pair.map((each) => ({ ...each, ttl: 60 })));
  });

  it("changes nothing when it is run again", async () => {
    const world = account(acme(), instance("birch"), alone("dale"));
    await adopted(world);
    const before = { changes: world.changes, state: JSON.stringify(world.state()) };
    const { reports } = await walked(world);
    expect(reports.every(({ isWhole }) => isWhole)).toBe(true);
    expect({ changes: world.changes, state: JSON.stringify(world.state()) }).toEqual(before);
  });

  it("only says in a dry run what it would do, all of it, and all that is in the way", async () => {
    const world = account(acme());
    const primary = world.made.get("eu-central-2/acme-db");
    if (primary) primary.look = { ...primary.look, hasManagedSecret: true, retentionDays: 0 };
    const { first } = await walked(world, all, { readsRows: false, masters: {} }, true);
    expect(world.changes).toBe(0);
    expect(first.steps.map(({ step, is }) => `${step} ${is}`)).toEqual([
      ...[
        "checks stuck",
        "tags would",
        "parameters would",
        "secret would",
        "role would",
        "TTL would",
      ],
      ...["standby would", "names waiting", "deployed next"],
    ]);
    expect(needsOf(first)).toEqual([
      expect.stringContaining("RDS manages its master password"),
      expect.stringContaining("automatic backups are off"),
    ]);
  });

  it("waits until the old TTL is over before it makes pairs", async () => {
    const world = account(acme());
    const from = world.clock.now().getTime();
    const at = new Map<string, number>();
    const { replace } = world.zones;
    Object.assign(world.zones, {
      replace: (...args: Parameters<typeof replace>) => {
        at.set(args[2][0]?.failover ? "paired" : "lowered", world.clock.now().getTime() - from);
        return replace(...args);
      },
    });
    await walked(world);
    expect((at.get("lowered") ?? 0) < 1000 * 300).toBe(true);
    expect((at.get("paired") ?? 0) - (at.get("lowered") ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  });
});

describe("adopting, killed", () => {
  /** The last state and how many changes it takes. */
  async function whole() {
    const world = account(acme(), alone("dale"));
    await adopted(world);
    return { state: world.state(), changes: world.changes };
  }

  it("goes on from every change, begun or done, to the same end, and nobody is led astray", async () => {
    const { state, changes } = await whole();
    expect(changes).toBeGreaterThan(12);
    for (const having of ["begun", "done"] as const) {
      for (let at = 1; at <= changes; at += 1) {
        const world = account(acme(), alone("dale"));
        world.dies = { at, having };
        const killed = await adopted(world).catch((cause: unknown) => cause);
        expect(killed, `${at} ${having}`).toBeInstanceOf(Killed);
        world.revive();
        const { reports } = await adopted(world);
        expect(reports.map(({ isWhole }) => isWhole)).toEqual([true, true]);
        expect({ at, having, state: world.state() }).toEqual({ at, having, state });
        expect({ at, having, astray: world.astray }).toEqual({ at, having, astray: [] });
      }
    }
  });

  it("is taken back from every change, and what was there before stays", async () => {
    const { changes } = await whole();
    for (let at = 1; at <= changes; at += 1) {
      const world = account(acme(), alone("dale"));
      const before = JSON.stringify(ofCustomers(world));
      world.dies = { at, having: "done" };
      await adopted(world).catch(() => undefined);
      world.revive();
      for (const { id } of world.fleet.instances) world.leave(id);
      const { reports } = await walked(world, undoSteps);
      expect(reports.map(({ isWhole }) => isWhole)).toEqual([true, true]);
      expect({ at, now: JSON.stringify(ofCustomers(world)) }).toEqual({ at, now: before });
      expect({ at, astray: world.astray }).toEqual({ at, astray: [] });
    }
  });
});

describe("forty databases", () => {
  const EVERY = 41;
  const forty = () =>
    account(...Array.from({ length: 40 }, (_, index) => instance(`shop-${index + 1}`)));

  it("are adopted at once, go on after every kill, and each step of each is told once", async () => {
    const world = forty();
    // Twenty at a time: each of them has done something before the next kill.
    for (let at = EVERY; at < 40 * EVERY; at += EVERY) {
      world.dies = { at, having: at % 2 === 0 ? "begun" : "done" };
      const ended = await walked(world).catch((cause: unknown) => cause);
      world.revive();
      if (!(ended instanceof Killed)) break;
    }
    expect(world.changes).toBeLessThan(20 * EVERY);
    world.deploy();
    const { reports, said } = await walked(world);
    expect(reports.filter(({ isWhole }) => isWhole)).toHaveLength(40);
    expect(world.astray).toEqual([]);
    expect(new Set(said).size).toBe(said.length);
    // One subnet group and one STOP check for all of them, one replica and one secret for each.
    expect(world.subnetGroups.size).toBe(1);
    expect(world.healthChecks.size).toBe(1);
    expect(world.made.size).toBe(80);
    expect(world.vault.size).toBe(40);
  });

  it("keep nobody waiting for one that needs a person", async () => {
    const world = forty();
    const odd = world.made.get("eu-central-2/shop-7-db");
    if (odd) odd.look = { ...odd.look, hasManagedSecret: true };
    const { reports } = await walked(world);
    const last = reports.map(({ steps }) => steps.at(-1)?.is);
    expect(last.filter((is) => is === "next")).toHaveLength(39);
    expect(last[6]).toBe("stuck");
  });
});

/** Where clients are led and to what, and what there is beside. */
const ofCustomers = (world: LivingAccount) => world.state();

describe("what only a person can mend", () => {
  const broken = async (change: (world: LivingAccount) => void, wish = WISH) => {
    const world = account(acme());
    change(world);
    const { first } = await walked(world, all, wish);
    return { world, last: first.steps.at(-1) as StepReport };
  };
  const primary = (world: LivingAccount, change: object) => {
    const found = world.made.get("eu-central-2/acme-db");
    if (found) found.look = { ...found.look, ...change };
  };
  const named = (world: LivingAccount, change: object) => {
    const [record] = world.sets.get("db.acme.example.ch") ?? [];
    if (record) world.sets.set("db.acme.example.ch", [{ ...record, ...change }]);
  };

  it.each([
    ["an engine of another kind", (w) => primary(w, { engine: "mysql" }), "checks", "runs mysql"],
    ["a replica", (w) => primary(w, { replicaOf: "x" }), "checks", "is a replica of x"],
    ["a stopped one", (w) => primary(w, { status: "stopped" }), "checks", "is stopped"],
    ["an old version", (w) => primary(w, { version: "13.9" }), "checks", "upgrade to 14.1"],
    ["another group", (w) => primary(w, { groups: ["sg-9"] }), "checks", "not in sg-2"],
    ["no database", (w) => void w.made.clear(), "checks", "has no database acme-db"],
    [
      "no quarantine",
      (w) => void w.securityGroups.delete("eu-central-1/sg-1q"),
      "checks",
      "eu-central-1 has no sg-1q",
    ],
    ["nobody reaches it", (w) => w.goDark(), "role", "is not reached from here"],
    [
      "another target",
      (w) => named(w, { target: "db.other.example" }),
      "names",
      "leads to db.other",
    ],
    ["a weighted name", (w) => named(w, { routing: "other" }), "names", "routed by weight"],
    ["a TXT beside", (w) => named(w, { type: "TXT", target: undefined }), "names", "of type TXT"],
  ] satisfies readonly (readonly [string, (world: LivingAccount) => void, string, string])[])(
    "%s is said, and nobody is led astray",
    async (_what, change, step, words) => {
      const { last } = await broken(change);
      expect(last).toMatchObject({ step, is: "stuck" });
      expect(last.needs?.map(({ says }) => says).join("\n")).toContain(words);
    },
  );

  it("wants the master's password only as long as the role is not there", async () => {
    const { world, last } = await broken(() => {}, { readsRows: false, masters: {} });
    expect(last).toMatchObject({ step: "role", is: "stuck" });
    expect(last.needs?.[0]?.mend).toMatch(/^PGUSER=postgres PGPASSWORD='…' npx sla adopt acme/);
    await walked(world);
    const { first } = await walked(world, all, { readsRows: false, masters: {} });
    expect(stepOf(first, "role")).toMatchObject({ is: "done" });
  });

  it("leaves a standby that was there before as it is, and does not delete it", async () => {
    const world = account(acme());
    await adopted(world);
    const standby = world.made.get("eu-central-1/acme-db-standby");
    if (standby) standby.look = { ...standby.look, tags: {}, instanceClass: "db.t4g.micro" };
    const { first } = await walked(world);
    expect(stepOf(first, "standby").needs?.[0]?.says).toContain("is db.t4g.micro");
    world.leave("acme");
    const undone = await walked(world, undoSteps);
    expect(stepOf(undone.first, "standby").says).toContain("was there before, and stays");
  });

  it("touches neither databases nor names once somebody else has taken over", async () => {
    const world = account(acme());
    await adopted(world);
    const roles = world.known.get("acme");
    if (roles) world.known.set("acme", promotedRoles(roles, "eu-west-1", roles.since, "fo-1"));
    world.made.delete("eu-central-2/acme-db");
    const before = world.changes;
    const { first } = await walked(world);
    const [checks, tags, ...rest] = first.steps.slice(0, 8).map(({ says }) => says);
    expect([checks, ...rest]).toEqual(
      Array(7).fill("its roles have moved on, to epoch 2: sla status"),
    );
    expect(tags).toBe("its databases say that they are kept");
    expect(world.changes).toBe(before);
  });

  it("takes nothing back while somebody looks after it", async () => {
    const world = account(acme());
    await adopted(world);
    const before = world.changes;
    const { first } = await walked(world, undoSteps);
    expect(first.steps.at(-1)).toMatchObject({ step: "left", is: "stuck" });
    expect(world.changes).toBe(before);
  });

  it("never deletes a standby that has become a primary", async () => {
    const world = account(acme());
    await adopted(world);
    const standby = world.made.get("eu-central-1/acme-db-standby");
    if (standby) {
      const { replicaOf: _, ...look } = standby.look;
      standby.look = look;
    }
    world.leave("acme");
    const { first } = await walked(world, undoSteps);
    expect(first.steps.at(-1)).toMatchObject({ step: "standby", is: "stuck" });
    expect(world.made.has("eu-central-1/acme-db-standby")).toBe(true);
  });
});
