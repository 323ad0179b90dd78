import { describe, expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import { digestsOf } from "../../functions/notify/digest.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { Turns } from "../../lib/sla/turns.ts";
import { debtIn, homeReturns, loseHome, lostHome, payFromAll } from "../fakes/debt-rounds.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";
import { NEW_STANDBY, newStandby, reprotect } from "../fakes/reprotect.ts";

const TURNS = keys.turns(HOME);

const rolesIn = (world: World, region: string) =>
  world.ledgers.at(region).peek<Roles>("roles/acme.json");

async function failedOver(world = new World()): Promise<World> {
  const run = await world.failover();
  if (run.status !== "done") throw new Error(JSON.stringify(run.output));
  return world;
}

describe("after a failover", () => {
  it("building a new standby begins by itself, once, where the instance is owned", async () => {
    const world = new World();
    world.twice = true;
    await failedOver(world);
    expect(world.reprotects.begun).toMatchObject([
      { region: CONTROL, request: { instance: "acme", epoch: 2, trigger: "failover" } },
    ]);
  });

  it("it tells the provider nothing of its own where the failover was part of a lost region", async () => {
    const world = new World();
    await world.failover(world.request({ within: "20261121100000000" }));
    expect((await reprotect(world)).status).toBe("done");
    const told = digestsOf(world.notices, world.fleet).map(({ recipient, notices }) => [
      recipient,
      notices.map(({ kind }) => kind),
    ]);
    expect(told).toEqual([
      ["it@acme.example.ch", ["failover-started", "failover-done", "reprotect-done"]],
    ]);
  });

  it("it begins in the site that failed over if the owner does not answer", async () => {
    const world = new World();
    world.reprotects.lost.add(CONTROL);
    await failedOver(world);
    expect(world.reprotects.begun).toMatchObject([{ region: STANDBY }]);
  });

  it("a mail says how to begin it by hand if nobody answers; the failover is done all the same", async () => {
    const world = new World();
    for (const site of [CONTROL, STANDBY]) world.reprotects.lost.add(site);
    await failedOver(world);
    const mail = world.notices.find(({ kind }) => kind === "failover-done");
    expect(mail?.lines.join("\n")).toContain("npx sla reprotect acme --reason");
  });
});

describe("a new standby", () => {
  it("is built in the old home as the old primary was, with backups before it can take over", async () => {
    const world = await failedOver();
    const run = await reprotect(world);
    expect(run.status).toBe("done");
    expect(world.databases.orders).toEqual([
      {
        source: `arn:aws:rds:${STANDBY}:111111111111:db:acme-db-standby`,
        groups: ["sg-2"],
        parameterGroup: "odoo-15",
        subnetGroup: "private",
        multiAz: false,
        tags: { "sla:kept": "true", "sla:standby": "true" },
      },
    ]);
    expect(newStandby(world)).toMatchObject({ retentionDays: 7, status: "available" });
  });

  it.each([
    ["as its source is, by the key of the old primary", "key-1", "key-2", "key-2"],
    ["by the key of RDS where the old primary had none", "key-1", undefined, "alias/aws/rds"],
    ["not at all where its source is not", undefined, "key-2", undefined],
  ])("is encrypted %s", async (_how, primary, old, kmsKey) => {
    const world = await failedOver();
    Object.assign(world.standby, { kmsKey: primary });
    Object.assign(world.primary, { kmsKey: old });
    await reprotect(world);
    expect(world.databases.orders.map((order) => order.kmsKey)).toEqual([kmsKey]);
  });

  it("stands by under the next epoch in all three ledgers, and its site owns the instance", async () => {
    const world = await failedOver();
    await reprotect(world);
    for (const site of [HOME, STANDBY, CONTROL]) {
      expect(rolesIn(world, site)).toMatchObject({
        epoch: 3,
        owner: HOME,
        primary: { region: STANDBY, database: "acme-db-standby" },
        standby: { region: HOME, database: NEW_STANDBY, app: "app-2.elb.example" },
        former: [{ region: HOME, database: "acme-db" }],
      });
    }
    expect(world.told).toEqual(["failover-started", "failover-done", "reprotect-done"]);
  });

  it("gets SECONDARY in one batch in which PRIMARY loses the check of its old direction", async () => {
    const world = await failedOver();
    const batches = world.signpost.batches.length;
    await reprotect(world);
    expect(world.signpost.batches).toHaveLength(batches + 1);
    const mine = world.signpost.zone.filter(({ name }) => name.includes("acme"));
    expect(
      mine.map(({ target, failover }) => [failover?.role, target, failover?.healthCheck]),
    ).toEqual([
      ["PRIMARY", `acme-db-standby.${STANDBY}.rds`, undefined],
      ["SECONDARY", `${NEW_STANDBY}.${HOME}.rds`, undefined],
      ["PRIMARY", "app-1.elb.example", undefined],
      ["SECONDARY", "app-2.elb.example", undefined],
    ]);
  });

  const checksOf = (world: World) =>
    world.signpost.zone.flatMap(({ name, failover }) =>
      name.includes("acme") ? (failover?.healthCheck ?? []) : [],
    );

  it.each([
    ["gets", "a lowered flag", [{ at: "now", raised: false }], ["check-back", "check-back"]],
    ["does without", "a raised flag", [{ at: "now", raised: true }], []],
    ["does without", "nothing yet", [], []],
    ["does without", "nothing, because it was deleted", undefined, []],
  ])(
    "%s the check of PRIMARY's new direction if that sees %s",
    async (_verb, _what, sights, expected) => {
      // Zurich has no function URLs: only back home, with a standby in Frankfurt again, a flag can be watched.
      const world = await failedOver();
      await reprotect(world);
      for (const each of [world.standby, newStandby(world)]) each.beatAt = undefined;
      const home = { epoch: 3, trigger: "person", planned: true, reason: "home" } as const;
      expect((await world.failover(world.request(home), "fo-acme-back")).status).toBe("done");
      world.stopChecks = {
        named: async (reference) => [{ reference, id: "check-back" }],
        seen: async () => sights,
      };
      expect((await reprotect(world)).status).toBe("done");
      expect(rolesIn(world, CONTROL)).toMatchObject({
        epoch: 5,
        owner: STANDBY,
        standby: { region: STANDBY, database: "acme-db-standby-sla4" },
      });
      expect(checksOf(world)).toEqual(expected);
    },
  );

  it("leaves the old primary where it was: in quarantine, untouched", async () => {
    const world = await failedOver();
    const before = { ...world.primary };
    await reprotect(world);
    expect({ ...world.primary }).toEqual(before);
    expect(world.primary.groups).toEqual(["sg-2q"]);
  });

  it("is the same whether each step is taken once or twice", async () => {
    const world = await failedOver();
    world.twice = true;
    expect((await reprotect(world)).status).toBe("done");
    expect(world.databases.orders).toHaveLength(1);
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 3 });
  });

  it("lets the lock go and keeps its evidence", async () => {
    const world = await failedOver();
    await reprotect(world);
    const ledger = world.ledgers.at(CONTROL);
    expect(ledger.peek("locks/acme.json")).toMatchObject({ state: "free" });
    expect(ledger.keys("reprotects/acme/rp-acme-e2/")).toEqual([
      "reprotects/acme/rp-acme-e2/admit.json",
      "reprotects/acme/rp-acme-e2/record.json",
      "reprotects/acme/rp-acme-e2/signpost.json",
    ]);
  });

  it("can take over: a failover back is admitted and leads to it", async () => {
    const world = await failedOver();
    await reprotect(world);
    Object.assign(world.standby, { process: "dead" });
    newStandby(world).beatAt = Date.parse("2026-11-21T09:59:50.000Z");
    const request = world.request({ epoch: 3, trigger: "person", accept: ["HaltCooldown"] });
    const run = await world.failover(request, "fo-acme-back");
    expect(run.status).toBe("done");
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 4, primary: { database: NEW_STANDBY } });
  });
});

it("a new standby does not shorten the time in which a second failover needs a person", async () => {
  const world = await failedOver();
  await reprotect(world);
  Object.assign(world.standby, { process: "dead" });
  const run = await world.failover(world.request({ epoch: 3 }), "fo-acme-again");
  expect(run.output).toMatchObject({ Error: "HaltCooldown" });
});

describe("nobody stands by yet", () => {
  it("while the old home does not answer; one mail says so, and it goes on when it is back", async () => {
    const world = await lostHome(new World());
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      waits += 1;
      expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 2 });
      if (waits === 5) homeReturns(world);
      if (waits === 6) void payFromAll(world);
    };
    const run = await reprotect(world);
    expect(run.status).toBe("done");
    expect(run.states.filter((state) => state === "ReadyLater").length).toBeGreaterThan(4);
    expect(world.told.filter((kind) => kind === "redundancy-degraded")).toHaveLength(1);
  });

  it("while the fence is owed: nothing is built beside an old primary that takes writes", async () => {
    const world = await lostHome(new World());
    homeReturns(world);
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      waits += 1;
      if (waits === 3) {
        expect(world.databases.orders).toEqual([]);
        void payFromAll(world);
      }
    };
    await reprotect(world);
    expect(debtIn(world, CONTROL)).toMatchObject({ state: "paid" });
    expect(world.databases.orders).toHaveLength(1);
  });

  it("while records are owed: a flag leads clients, and its check stays", async () => {
    const world = await failedOver();
    const debt = {
      kind: "records",
      state: "owed",
      since: "2026-11-21T10:01:00.000Z",
      instance: "acme",
    };
    world.ledgers.at(STANDBY).put("debts/acme/records.json", { ...debt, because: "us-east-1" });
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      waits += 1;
      if (waits === 3) {
        expect(world.databases.orders).toEqual([]);
        world.ledgers.at(STANDBY).put("debts/acme/records.json", { ...debt, state: "paid" });
      }
    };
    expect((await reprotect(world)).status).toBe("done");
    expect(waits).toBeGreaterThan(3);
  });

  it("while as many as RDS copies at once are built there; then it is its turn", async () => {
    const world = await failedOver();
    const others = Array.from({ length: 20 }, (_, index) => ({
      ...{ instance: `shop-${index}`, by: `rp-shop-${index}`, rtoSeconds: 60 },
      ...{ since: "2026-11-21T10:00:00.000Z", askedAt: "2026-11-21T10:00:00.000Z" },
    }));
    const ledger = world.ledgers.at(CONTROL);
    ledger.put(TURNS, { building: others, waiting: [] });
    for (const { by } of others) world.running.add(by);
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      waits += 1;
      if (waits < 5) expect(world.databases.all.has(`${HOME}/${NEW_STANDBY}`)).toBe(false);
      if (waits === 4)
        ledger.put(TURNS, { ...ledger.peek<Turns>(TURNS), building: others.slice(1) });
    };
    const run = await reprotect(world);
    expect(run.status).toBe("done");
    expect(waits).toBeGreaterThanOrEqual(4);
    expect(ledger.peek(TURNS)).toEqual({ building: others.slice(1), waiting: [] });
    expect(world.told).not.toContain("redundancy-degraded");
  });

  it("but for those whose execution has ended without a word: their turn is over", async () => {
    const world = await failedOver();
    const dead = Array.from({ length: 20 }, (_, index) => ({
      ...{ instance: `shop-${index}`, by: `rp-shop-${index}`, rtoSeconds: 60 },
      ...{ since: "2026-11-20T10:00:00.000Z", askedAt: "2026-11-20T10:00:00.000Z" },
    }));
    world.ledgers.at(CONTROL).put(TURNS, { building: dead, waiting: [] });
    const run = await reprotect(world);
    expect(run.states).not.toContain("ReadyLater");
  });

  it("before a row that the new primary has committed since is read on it", async () => {
    const world = await failedOver();
    let shown = false;
    world.before = (step) => {
      if (step === "reprotect-stream" && !shown)
        newStandby(world).beatAt = Date.parse("2026-11-21T09:00:00Z");
      if (step === "reprotect-signpost") expect(shown).toBe(true);
    };
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      waits += 1;
      if (waits < 8) return;
      shown = true;
      newStandby(world).beatAt = undefined;
    };
    expect((await reprotect(world)).status).toBe("done");
    expect(shown).toBe(true);
  });

  it("before the change of the records is in sync", async () => {
    const world = await failedOver();
    world.signpost.looksUntilSync = Number.POSITIVE_INFINITY;
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 2 });
      waits += 1;
      if (waits === 9) world.signpost.looksUntilSync = 0;
    };
    expect((await reprotect(world)).status).toBe("done");
    expect(waits).toBeGreaterThanOrEqual(9);
  });

  it("while Route 53 does not answer", async () => {
    const world = await failedOver();
    world.signpost.apiLost = true;
    let waits = 0;
    world.meanwhile = () => {
      world.databases.settle();
      waits += 1;
      if (waits === 20) world.signpost.apiLost = false;
    };
    expect((await reprotect(world)).status).toBe("done");
  });
});

describe("somebody decides anew while it is built", () => {
  it.each([
    "reprotect-build",
    "reprotect-keep",
    "reprotect-stream",
    "reprotect-signpost",
    "reprotect-roles",
  ])("before %s: it ends without another change, a mail or an alarm", async (where) => {
    const world = await failedOver();
    let changes: readonly string[] = [];
    world.before = (step) => {
      if (step !== where) return;
      const now = rolesIn(world, STANDBY);
      world.ledgers.at(STANDBY).put("roles/acme.json", { ...now, epoch: 7, by: "a failover" });
      changes = [...world.databases.changes];
      world.before = () => {};
    };
    const run = await reprotect(world);
    expect(run.status).toBe("done");
    expect(run.states).toContain("Overtaken");
    expect(world.databases.changes).toEqual(changes);
    expect(world.told).not.toContain("reprotect-done");
    expect(world.told).not.toContain("reprotect-halted");
    expect(rolesIn(world, STANDBY)).toMatchObject({ epoch: 7 });
    expect(world.ledgers.at(CONTROL).peek("locks/acme.json")).toMatchObject({ state: "free" });
  });

  it("one at a time: another that holds the lock goes on, this one halts", async () => {
    const world = await failedOver();
    const by = "arn:aws:states:eu-west-1:111111111111:execution:sla-reprotect:other";
    world.ledgers
      .at(CONTROL)
      .put("locks/acme.json", { state: "held", by, until: "2026-11-22T00:00:00.000Z" });
    const run = await reprotect(world);
    expect(run.output).toMatchObject({ Error: "HaltLocked" });
    expect(world.ledgers.at(CONTROL).peek("locks/acme.json")).toMatchObject({ by });
  });

  it("gives way without a word to a recovery that has taken its lock", async () => {
    const world = await failedOver();
    const by = "arn:aws:states:eu-west-1:111111111111:execution:sla-recover:rc-acme-e2-p1";
    const lock = { state: "held", by, until: "2026-11-22T00:00:00.000Z" };
    world.before = (step) => {
      if (step === "reprotect-ready") world.ledgers.at(CONTROL).put("locks/acme.json", lock);
    };
    const told = world.notices.length;
    const run = await reprotect(world);
    expect(JSON.stringify(run.output)).toContain("overtaken: ");
    expect(world.notices).toHaveLength(told);
    expect(world.ledgers.at(CONTROL).peek("locks/acme.json")).toEqual(lock);
  });
});

describe("a person is needed", () => {
  type Trouble = (world: World) => void;
  const TROUBLES: readonly (readonly [string, string, RegExp, Trouble])[] = [
    [
      "RDS refuses to make it",
      "HaltReplicaRefused",
      /InstanceQuotaExceeded/,
      (world) => {
        world.databases.refusal = "InstanceQuotaExceeded: 40";
      },
    ],
    [
      "the new primary keeps no backups",
      "HaltReplicaRefused",
      /keeps no backups/,
      (world) => {
        world.standby.retentionDays = 0;
      },
    ],
    [
      "the old primary is gone, and with it what its network was",
      "HaltNoModel",
      /--subnet-group NAME/,
      (world) => world.databases.all.delete(`${HOME}/acme-db`),
    ],
    [
      "something else has its name",
      "HaltReplicaUnfit",
      /follows nobody/,
      (world) => {
        const stranger = world.primary;
        world.databases.all.set(`${HOME}/${NEW_STANDBY}`, stranger);
      },
    ],
    [
      "it breaks while it is made",
      "HaltReplicaUnfit",
      /storage-full/,
      (world) => {
        world.meanwhile = () => {
          newStandby(world).status = "storage-full";
        };
      },
    ],
    [
      "the instance has its records no more",
      "HaltRecords",
      /no CNAME record/,
      (world) => {
        world.before = (step) => {
          if (step === "reprotect-signpost") world.signpost.zone = [];
        };
      },
    ],
  ];

  it.each(TROUBLES)("if %s: %s", async (_what, code, words, trouble) => {
    const world = await failedOver();
    trouble(world);
    const run = await reprotect(world);
    expect(run).toMatchObject({ status: "halted", output: { Error: code } });
    const mail = world.notices.find(({ kind }) => kind === "reprotect-halted");
    expect(mail?.lines.join("\n")).toMatch(words);
    expect(mail?.lines.join("\n")).toContain("npx sla reprotect acme --reason");
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 2 });
    expect(world.ledgers.at(CONTROL).peek("locks/acme.json")).toMatchObject({ state: "free" });
  });

  it("who says which subnets it gets has it built", async () => {
    const world = await failedOver();
    world.databases.all.delete(`${HOME}/acme-db`);
    await reprotect(world);
    const run = await reprotect(world, { subnetGroup: "theirs" }, "rp-acme-e2-p1");
    expect(run.status).toBe("done");
    expect(world.databases.orders).toMatchObject([{ subnetGroup: "theirs" }]);
  });

  it("who goes on finds what was built already", async () => {
    const world = await failedOver();
    world.before = (step) => {
      if (step === "reprotect-signpost") world.signpost.zone = [];
    };
    const { zone } = world.signpost;
    await reprotect(world);
    world.before = () => {};
    world.signpost.zone = zone;
    const run = await reprotect(world, { trigger: "person" }, "rp-acme-e2-p1");
    expect(run.status).toBe("done");
    expect(world.databases.orders).toHaveLength(1);
  });

  it("nobody is needed twice: what is done says so", async () => {
    const world = await failedOver();
    await reprotect(world);
    const run = await reprotect(world, { epoch: 3, trigger: "person" }, "rp-acme-e3-p1");
    expect(run.output).toMatchObject({ Error: "HaltProtected" });
  });
});

it("a ledger that cannot be told of the new standby is owed that", async () => {
  const world = await failedOver();
  world.before = (step) => {
    if (step === "reprotect-roles") loseHome(world);
  };
  // The site of the new standby is lost between its last row and the roles.
  expect((await reprotect(world)).status).toBe("done");
  expect(debtIn(world, CONTROL, `roles-${HOME}`)).toMatchObject({ state: "owed", epoch: 3 });
  homeReturns(world);
  await payFromAll(world);
  expect(rolesIn(world, HOME)).toMatchObject({ epoch: 3, owner: HOME });
});
