import { describe, expect, it } from "vitest";
import type { Lock } from "../../functions/failover/lock.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { CONTROL, HOME, STANDBY } from "../fakes/failover-world.ts";
import { backupOf, RecoverWorld } from "../fakes/recover.ts";

/** Nothing of either region answers, for good. */
function bothLost(world = new RecoverWorld()): RecoverWorld {
  for (const region of [HOME, STANDBY]) {
    world.databases.lost.add(region);
    world.ledgers.at(region).reachable = false;
  }
  return world;
}

const rolesOf = (world: RecoverWorld) => world.ledgers.at(CONTROL).peek<Roles>(keys.roles("acme"));
const lastMail = (world: RecoverWorld) => world.notices.at(-1)?.lines.join("\n") ?? "";
const said = (output: unknown) => JSON.stringify(output);

describe("home and standby are lost for good", () => {
  it("the instance is brought back from the newest backup of a third region", async () => {
    const world = bothLost();
    world.listed.unshift(backupOf("2026-11-20T09:58:00.000Z"));
    const run = await world.recover();
    expect([run.status, said(run.output)]).toEqual(["done", expect.any(String)]);
    expect(world.ordered).toMatchObject([
      {
        database: "acme-db-slar1",
        point: { from: "backup", id: "sla-acme-20261121t095800z" },
        groups: ["sg-3"],
        subnetGroup: "sla-restore",
        backupRetentionDays: 7,
        tags: { "sla:kept": "true", "sla:recovery": expect.any(String) },
      },
    ]);
    expect(world.targets("db.acme.example.ch")).toEqual([
      "acme-db-slar1.eu-west-1.rds",
      "acme-db-slar1.eu-west-1.rds",
    ]);
    expect(rolesOf(world)).toMatchObject({
      epoch: 2,
      primary: { region: CONTROL, database: "acme-db-slar1" },
      former: [{ database: "acme-db-standby" }, { database: "acme-db" }],
    });
    expect(world.ledgers.at(CONTROL).peek<Lock>(keys.lock("acme"))?.state).toBe("free");
  });

  it.each(["mariadb", "mysql"] as const)(
    "one of %s by its own group and in its own words",
    async (engine) => {
      const world = bothLost(new RecoverWorld(CONTROL, engine));
      // As both say it while RDS has not set the password.
      world.failures.push({ kind: "refused", code: "1045", message: "Access denied" });
      const run = await world.recover();
      expect([run.status, said(run.output)]).toEqual(["done", expect.any(String)]);
      const site = world.fleet.sites[CONTROL];
      expect(world.ordered[0]?.parameterGroup).toBe(site?.parameterGroups?.[engine]);
      expect(world.adoptedAs).toEqual([engine, engine]);
    },
  );

  it("nothing where the fleet names no group of its engine", async () => {
    const world = bothLost(new RecoverWorld(CONTROL, "mariadb"));
    const site = world.fleet.sites[CONTROL];
    if (site) Object.assign(site, { parameterGroups: undefined });
    expect(said((await world.recover()).output)).toMatch(
      /HaltSiteUnknown.*no parameter group of MariaDB/,
    );
    expect(world.ordered).toEqual([]);
  });

  it("whatever it takes, each step may be taken twice", async () => {
    const world = bothLost();
    world.twice = true;
    expect((await world.recover()).status).toBe("done");
    expect(world.ordered).toHaveLength(1);
    expect(rolesOf(world)?.epoch).toBe(2);
    expect(world.notices.map(({ kind }) => kind)).toContain("failover-done");
  });

  it("what was there is fenced when it comes back: its primary, and its standby, which is another past", async () => {
    const world = bothLost();
    await world.recover();
    const debts = world.ledgers.at(CONTROL);
    expect(debts.peek(keys.debt("acme", "fence"))).toMatchObject({
      ...{ state: "owed", database: "acme-db", region: HOME },
      // What the backup holds, not what was done to it since.
      horizon: "650",
    });
    expect(debts.peek(keys.debt("acme", "fence-acme-db-standby"))).toMatchObject({
      ...{ state: "owed", database: "acme-db-standby", region: STANDBY, epoch: 1 },
    });
  });

  it("mails say what is lost, and that the application has no place there", async () => {
    const world = bothLost();
    await world.recover();
    const [started] = world.notices;
    expect(started?.lines.join("\n")).toContain("What was written later is not in it.");
    expect(lastMail(world)).toMatch(/at most 120\.0 s of writes are lost, provisionally/);
    expect(lastMail(world)).toContain(
      "acme-db in eu-central-2 and acme-db-standby in eu-central-1",
    );
    expect(lastMail(world)).toContain("The application has no place there");
    expect(world.targets("acme.example.ch")).toEqual(["app-2.elb.example", "app-1.elb.example"]);
  });

  it("an application that has a place there is led over, and its page proves it", async () => {
    const world = bothLost();
    const [acme] = world.fleet.instances;
    Object.assign(acme?.app ?? {}, { recovery: { [CONTROL]: "app-3.elb.example" } });
    const run = await world.recover();
    expect(run.status).toBe("done");
    expect(world.targets("acme.example.ch")).toEqual(["app-3.elb.example", "app-3.elb.example"]);
    expect(lastMail(world)).not.toContain("The application has no place");
  });

  it("an API of Route 53 that is down is waited for: a flag would lead to a standby that is lost", async () => {
    const world = bothLost();
    world.ledgers.at(CONTROL).put(keys.flag("acme--eu-central-2"), { state: "lowered" });
    world.signpost.apiLost = true;
    let asked = 0;
    world.before = (step) => {
      if (step === "flip" && ++asked === 5) world.signpost.apiLost = false;
    };
    expect((await world.recover()).status).toBe("done");
    expect(asked).toBeGreaterThan(4);
    expect(world.ledgers.at(CONTROL).peek(keys.flag("acme--eu-central-2"))).toEqual({
      state: "lowered",
    });
  });

  it("a backup whose restore failed is taken only where nothing else is left", async () => {
    const world = bothLost();
    const refuted = backupOf("2026-11-21T09:59:00.000Z", {
      "sla:tested": "2026-11-21T09:59:20.000Z",
      "sla:refuted": "2026-11-21T09:59:30.000Z",
    });
    world.listed.push(refuted);
    await world.recover();
    expect(world.ordered).toMatchObject([{ point: { id: "sla-acme-20261121t095800z" } }]);
    const alone = bothLost();
    alone.listed = [refuted];
    await alone.recover();
    expect(alone.ordered).toMatchObject([{ point: { id: refuted.id, isProven: false } }]);
  });
});

describe("replicated logs", () => {
  it("are restored as far as they reach, where they reach further than backups", async () => {
    const world = bothLost();
    world.windows = [
      {
        ...{ database: "acme-db", region: HOME, status: "replicating", archive: "arn:logs" },
        ...{ earliest: "2026-11-14T00:00:00.000Z", latest: "2026-11-21T09:59:30.000Z" },
      },
    ];
    expect((await world.recover()).status).toBe("done");
    expect(world.ordered).toMatchObject([
      { point: { from: "logs", archive: "arn:logs", isNewest: true } },
    ]);
  });
});

describe("a table that was dropped by mistake", () => {
  const AT = "2026-11-21T09:57:00.000Z";
  function mistaken() {
    const world = new RecoverWorld(HOME);
    Object.assign(world.primary, { process: "runs", beatAt: undefined });
    world.windows = [
      {
        ...{ database: "acme-db", region: HOME, status: "active", archive: "arn:logs" },
        ...{ earliest: "2026-11-14T00:00:00.000Z", latest: "2026-11-21T10:00:00.000Z" },
      },
    ];
    return world;
  }

  it("is back after a restore to just before; what served is fenced only when that stands ready", async () => {
    const world = mistaken();
    const groups: string[][] = [];
    world.before = () => void groups.push(world.primary.groups);
    const run = await world.recover(world.wish({ recovery: { at: AT } }));
    expect([run.status, said(run.output)]).toEqual(["done", expect.any(String)]);
    expect(world.ordered).toMatchObject([
      { database: "acme-db-slar1", point: { from: "logs", database: "acme-db", at: AT } },
    ]);
    expect(groups.slice(0, 6)).toEqual(Array(6).fill(["sg-clients"]));
    expect(world.primary.groups).toEqual(["sg-2q"]);
    expect(world.targets("acme.example.ch")).toEqual(["app-2.elb.example", "app-2.elb.example"]);
    expect(world.ledgers.at(HOME).peek<Roles>(keys.roles("acme"))).toMatchObject({
      primary: { database: "acme-db-slar1", region: HOME },
    });
  });

  it("halts where nothing reaches back so far, and nothing was touched", async () => {
    const world = mistaken();
    const run = await world.recover(world.wish({ recovery: { at: "2026-11-01T00:00:00.000Z" } }));
    expect(said(run.output)).toContain("HaltNoBackup");
    expect(world.ordered).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("goes on serving if the restore breaks", async () => {
    const world = mistaken();
    world.becomes = "restore-error";
    const run = await world.recover(world.wish({ recovery: { at: AT } }));
    expect(said(run.output)).toContain("HaltRestoreBroken");
    expect(world.primary.acknowledgesNewClient()).toBe(true);
    expect(world.ledgers.at(HOME).peek<Lock>(keys.lock("acme"))?.state).toBe("free");
  });
});

describe("a recovery halts for a person", () => {
  it("while a standby streams: it has more than any backup", async () => {
    const world = new RecoverWorld();
    const run = await world.recover();
    expect(said(run.output)).toContain("HaltStandbyThere");
    expect(lastMail(world)).toMatch(/npx sla recover acme .*--even-with-standby/);
    const again = await world.recover(world.wish({ accept: ["HaltStandbyThere"] }));
    expect(again.status).toBe("done");
  });

  it("where the newest backup is older than the plan allows, unless that is taken upon oneself", async () => {
    const world = bothLost();
    world.listed = [backupOf("2026-11-21T04:00:00.000Z")];
    const run = await world.recover();
    expect(said(run.output)).toMatch(/HaltBehind.*6h before the disaster.*the plan allows 5m/);
    expect(lastMail(world)).toContain("--allow-loss any");
    expect((await world.recover(world.wish({ accept: ["HaltBehind"] }))).status).toBe("done");
  });

  it("where nothing is kept", async () => {
    const world = bothLost();
    world.listed = [{ ...backupOf("2026-11-21T09:58:00.000Z"), status: "creating" }];
    const run = await world.recover();
    expect(said(run.output)).toContain("HaltNoBackup");
  });

  it("where RDS refuses, in RDS's words", async () => {
    const world = bothLost();
    world.refused = "InstanceQuotaExceeded: no more than 40";
    expect(said((await world.recover()).output)).toContain("no more than 40");
  });

  it("where somebody else's database has the name", async () => {
    const world = bothLost();
    await world.restore({
      ...{ database: "acme-db-slar1", groups: [], parameterGroup: "", subnetGroup: "" },
      ...{ multiAz: false, backupRetentionDays: 7, tags: {} },
      point: { from: "backup", id: "x", at: "2026-11-21T09:58:00.000Z", isProven: false },
    });
    const run = await world.recover();
    expect(said(run.output)).toMatch(/HaltRestoreRefused.*of nobody we know/);
  });

  it("where nobody gets in with the credentials of now; a password that is not in force yet is waited for", async () => {
    const world = bothLost();
    world.failures.push({ kind: "refused", code: "28P01", message: "password" });
    expect((await world.recover()).status).toBe("done");
    const barred = bothLost();
    barred.failures.push({ kind: "refused", code: "42501", message: "permission denied" });
    expect(said((await barred.recover()).output)).toContain("HaltCredentials");
    expect(rolesOf(barred)?.epoch).toBe(1);
  });

  it("when the region answers again before anything of it is touched; going on restores nothing again", async () => {
    const world = bothLost();
    world.before = (step) => {
      if (step !== "recover-examine") return;
      world.databases.lost.clear();
      for (const region of [HOME, STANDBY]) world.ledgers.at(region).reachable = true;
      world.primary.process = "runs";
    };
    const run = await world.recover();
    expect(said(run.output)).toContain("HaltRecovered");
    expect(world.primary.groups).toEqual(["sg-clients"]);
    const folder = /--continue (\S+)/.exec(lastMail(world))?.[1] ?? "";
    expect(folder).toMatch(/^rc-acme-e1-p\d+$/);
    const accept = ["HaltRecovered", "HaltStandbyThere"] as const;
    const again = await world.recover(world.wish({ continues: folder, accept }));
    expect(again.status).toBe("done");
    expect(world.ordered).toHaveLength(1);
    expect(world.primary.groups).toEqual(["sg-2q"]);
    const pasted = await world.recover(world.wish({ continues: folder, accept }));
    expect(said(pasted.output)).toMatch(/HaltEpoch/);
  });

  it("when others decided meanwhile", async () => {
    const world = bothLost();
    const ledger = world.ledgers.at(CONTROL);
    world.before = (step) => {
      if (step !== "recover-examine") return;
      ledger.put(keys.roles("acme"), { ...rolesOf(world), epoch: 5, by: "somebody" });
    };
    expect(said((await world.recover()).output)).toContain("HaltEpoch");
    expect(world.signpost.batches).toEqual([]);
  });

  it("when others decided meanwhile and it went on with another: nothing that serves is fenced", async () => {
    const world = new RecoverWorld();
    const accept = ["HaltStandbyThere"] as const;
    world.becomes = "restore-error";
    await world.recover(world.wish({ accept }));
    const folder = /--continue (\S+)/.exec(lastMail(world))?.[1] ?? "";
    if (world.restored) world.restored.status = "available";
    const ledger = world.ledgers.at(CONTROL);
    world.before = (step) => {
      if (step !== "recover-examine") return;
      ledger.put(keys.roles("acme"), { ...rolesOf(world), epoch: 2, by: "a reprotect" });
    };
    const run = await world.recover(world.wish({ accept, continues: folder }));
    expect(said(run.output)).toContain("HaltEpoch");
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("while a failover has the lock, in the ledger of the instance's owner", async () => {
    const world = new RecoverWorld();
    const held = { state: "held", by: "arn:x:y:z:sla-failover:fo", until: "2027-01-01T00:00:00Z" };
    world.ledgers.at(STANDBY).put(keys.lock("acme"), held);
    const run = await world.recover(world.wish({ accept: ["HaltStandbyThere"] }));
    expect(said(run.output)).toContain("HaltLocked");
    expect(world.ledgers.at(STANDBY).peek(keys.lock("acme"))).toEqual(held);
    expect(world.ledgers.at(CONTROL).peek<Lock>(keys.lock("acme"))?.state).toBe("free");
  });

  it("not for a new standby that is being built, and waits for a region: its lock is taken over", async () => {
    const world = bothLost();
    const by = "arn:aws:states:eu-west-1:111111111111:execution:sla-reprotect:rp-acme-e1";
    const held = { state: "held", by, until: "2027-01-01T00:00:00Z" };
    world.running.add(by);
    world.ledgers.at(CONTROL).put(keys.lock("acme"), held);
    expect((await world.recover()).status).toBe("done");
    expect(rolesOf(world)?.epoch).toBe(2);
  });

  it("when a person stops it, before anything is touched", async () => {
    const world = bothLost();
    world.before = (step) => {
      if (step !== "recover-open") return;
      const lock = world.ledgers.at(CONTROL).peek<Lock>(keys.lock("acme"));
      const abort = { instance: "acme", execution: lock?.by, reason: "wait", at: "now" };
      world.ledgers.at(CONTROL).put(keys.abort("acme"), abort);
    };
    expect(said((await world.recover()).output)).toContain("HaltAborted");
    expect(rolesOf(world)?.epoch).toBe(1);
  });
});
