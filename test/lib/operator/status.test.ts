import { describe, expect, it } from "vitest";
import type { Unconfirmed } from "../../../functions/notify/subscriptions.ts";
import type { PreparedRecord } from "../../../functions/prepared/contract.ts";
import { fleetStatus } from "../../../lib/operator/fleet-status.ts";
import { gather } from "../../../lib/operator/gather.ts";
import { statusLines } from "../../../lib/operator/status-lines.ts";
import { type Roles, unprotectedRoles } from "../../../lib/sla/roles.ts";
import { instance, regional } from "../../fakes/fleet.ts";
import { Bureau, CONTROL, down, HOME, STANDBY, WELL } from "../../fakes/operator-access.ts";

const statusOf = async (bureau: Bureau) => fleetStatus(bureau.fleet, await gather(bureau));
const acmeIn = async (bureau: Bureau) => (await statusOf(bureau)).instances[0];
const EXECUTION = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-acme-e1-1`;
const RECOVERY = `arn:aws:states:${CONTROL}:111111111111:execution:sla-recover:rc-acme-e1-p1`;
const DEBT = {
  ...{
    state: "owed",
    kind: "fence",
    instance: "acme",
    region: HOME,
    because: "region unreachable",
  },
  ...{ since: "2026-11-21T10:00:00.000Z", execution: EXECUTION, epoch: 1 },
};

describe("the status of a cluster of one region", () => {
  async function daleIn(bureau: Bureau) {
    const instances = [regional("dale", "aurora-postgresql")];
    return (await fleetStatus({ ...bureau.fleet, instances }, await gather(bureau))).instances[0];
  }

  it("says who would take over, and needs nobody while it is well", async () => {
    expect(await daleIn(new Bureau())).toMatchObject({ redundancy: "members", needs: [] });
  });

  it("does not send anybody to a recovery that is not built where its region is lost", async () => {
    const bureau = new Bureau();
    bureau.sees(CONTROL, "dale", { incident: down("no-standby") });
    const { needs = [] } = (await daleIn(bureau)) ?? {};
    expect(needs.join("\n")).toMatch(/no member can take over: docs\/engines\.md/);
    expect(needs.join("\n")).not.toContain("sla recover");
  });
});

it.each([
  [undefined, "sla recover acme --dry-run"],
  ["aurora-postgresql", "docs/runbook.md#a-lost-cluster"],
] as const)("names the way back that there is for engine %s", async (engine, way) => {
  const bureau = new Bureau();
  bureau.sees(STANDBY, "acme", { incident: down("no-standby") });
  const instances = [instance("acme", {}, engine)];
  const gathered = await gather(bureau);
  const [acme] = fleetStatus({ ...bureau.fleet, instances }, gathered).instances;
  expect(acme?.needs).toContain(`the database is gone, nobody stands by: ${way}`);
});

describe("the status of a fleet that is well", () => {
  it("says roles, look, heartbeat and RPO at risk, and needs nobody", async () => {
    const status = await statusOf(new Bureau());
    expect(status).toMatchObject({ ok: true, silentWatches: [], unconfirmed: [], unanswered: [] });
    const [acme, dale] = status.instances;
    expect(acme).toMatchObject({
      roles: { epoch: 1, owner: STANDBY, primary: { region: HOME } },
      redundancy: "streaming",
      rpo: { allowedSeconds: 300 },
      look: { by: STANDBY, verdict: "up", late: false },
      needs: [],
    });
    expect(acme?.rpo.atRiskSeconds).toBeCloseTo(7, 1);
    expect(acme?.look?.ageSeconds).toBeCloseTo(5, 1);
    expect(dale).toMatchObject({ redundancy: "none-sold", roles: { owner: CONTROL }, needs: [] });
    expect(dale?.rpo.atRiskSeconds).toBeUndefined();
  });

  it("is that of one instance where one is asked for, with what concerns the whole fleet", async () => {
    const bureau = new Bureau();
    bureau.sees(STANDBY, "acme", { incident: down("unclear") });
    const gathered = await gather(bureau);
    const ofDale = fleetStatus(bureau.fleet, gathered, ["dale"]);
    expect(ofDale.instances.map(({ instance }) => instance)).toEqual(["dale"]);
    expect(ofDale.ok).toBe(true);
    expect(fleetStatus(bureau.fleet, gathered, ["acme"]).ok).toBe(false);
    bureau.memory.cutOff(HOME);
    const blind = fleetStatus(bureau.fleet, await gather(bureau), ["dale"]);
    expect(blind.unanswered.map(({ region }) => region)).toContain(HOME);
    expect(blind.ok).toBe(false);
  });

  it("has no line wider than 80 columns, whatever went wrong", async () => {
    const bureau = new Bureau();
    bureau.pending.push({
      region: HOME,
      topic: "sla-alerts",
      topicArn: `arn:aws:sns:${HOME}:111111111111:sla-alerts`,
      state: "pending",
      address: `${"long.".repeat(14)}@customer.example`,
    });
    bureau.memory.cutOff(HOME);
    bureau.sees(STANDBY, "acme", { incident: down("unclear") });
    const lines = statusLines(await statusOf(bureau), false);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join("\n")).toContain("DOWN for 45s");
    expect(lines.at(-1)).toBe("something needs a person");
  });
});

describe("the status of an instance in maintenance", () => {
  const window = {
    ...{ window: "m1", kind: "planned", scope: "fleet", instances: ["acme"], by: "ops" },
    ...{ fromAt: "2026-11-21T10:00:00.000Z", toAt: "2026-11-21T11:00:00.000Z" },
    ...{ announcedAt: "2026-11-19T10:00:00.000Z", reason: "disks", holdsFailovers: true },
  };

  it("says until when, and needs nobody while it is well", async () => {
    const bureau = new Bureau();
    bureau.memory.at(CONTROL).put("maintenance/m1.json", window);
    const status = await statusOf(bureau);
    expect(status).toMatchObject({
      ok: true,
      instances: [{ maintenance: { window: "m1", until: window.toAt, holdsFailovers: true } }, {}],
    });
    expect(status.instances[1]).not.toHaveProperty("maintenance");
    expect(statusLines(status, false).join(" ").replaceAll(/\s+/g, " ")).toContain(
      "window planned maintenance m1 until 2026-11-21 11:00:00 UTC; failovers held back",
    );
  });

  it("names what holds its failover back, and how to end that", async () => {
    const bureau = new Bureau();
    bureau.memory.at(CONTROL).put("maintenance/m1.json", window);
    bureau.sees(STANDBY, "acme", { incident: down("maintenance") });
    expect((await acmeIn(bureau))?.needs).toEqual([
      "maintenance m1 holds its failover back until 2026-11-21T11:00:00.000Z: sla maintenance cancel m1 --reason '…', or sla failover acme --force --reason '…'",
    ]);
  });
});

type Trouble = (bureau: Bureau) => void;
const NEEDS: readonly (readonly [string, RegExp, Trouble])[] = [
  [
    "a dead application",
    /application is down and its database lives/,
    (bureau) => bureau.sees(STANDBY, "acme", { incident: down("application-down") }),
  ],
  [
    "a database nobody can judge",
    /nothing starts by itself \(unclear\): sla failover acme --dry-run/,
    (bureau) => bureau.sees(STANDBY, "acme", { incident: down("unclear") }),
  ],
  [
    "a failover that halted",
    /failover fo-1 halted \(HaltBehind\): docs\/runbook.md#failover-halted/,
    (bureau) => {
      bureau.sees(STANDBY, "acme", { incident: down() });
      bureau.memory.at(STANDBY).put("incidents/acme/20261121100000000.json", {
        failovers: [{ id: "fo-1", outcome: "halted", at: "", code: "HaltBehind" }],
      });
    },
  ],
  [
    "a recovery that halted",
    /recovery rc-acme-e1-p1 halted \(HaltNoBackup\): docs\/runbook.md#recovery-halted/,
    (bureau) => {
      bureau.sees(STANDBY, "acme", { incident: down() });
      bureau.memory.at(STANDBY).put("incidents/acme/20261121100000000.json", {
        failovers: [{ id: "rc-acme-e1-p1", outcome: "halted", at: "", code: "HaltNoBackup" }],
      });
    },
  ],
  [
    "a failover that runs",
    /a failover is running; sla abort acme/,
    (bureau) => {
      bureau.running.add(EXECUTION);
      const lock = { state: "held", by: EXECUTION, until: "2026-11-21T11:00:00.000Z" };
      bureau.memory.at(STANDBY).put("locks/acme.json", lock);
    },
  ],
  [
    "a recovery that runs, wherever its lock was found",
    /it is being restored; sla abort acme/,
    (bureau) => {
      bureau.running.add(RECOVERY);
      const lock = { state: "held", by: RECOVERY, until: "2026-11-21T11:00:00.000Z" };
      bureau.memory.at(STANDBY).put("locks/acme.json", lock);
    },
  ],
  [
    "a database that is gone, with nobody to take over",
    /nobody stands by: sla recover acme --dry-run/,
    (bureau) => bureau.sees(STANDBY, "acme", { incident: down("no-standby") }),
  ],
  [
    "a standby that is behind",
    /RPO at risk 10m 45s, the plan allows 5m/,
    (bureau) => {
      const standby = { at: "2026-11-21T09:50:00.000Z", sequence: 3 };
      bureau.sees(STANDBY, "acme", { beats: { ...WELL.beats, standby } });
    },
  ],
  [
    "a standby that does not stream",
    /was not streaming/,
    (bureau) => bureau.sees(STANDBY, "acme", { lastSeen: { streaming: false } }),
  ],
  [
    "a debt",
    /debt fence in eu-central-2: region unreachable/,
    (bureau) => bureau.memory.at(CONTROL).put("debts/acme/fence.json", DEBT),
  ],
  [
    "a watch that stands still",
    /nobody has looked at it for 1h/,
    (bureau) => {
      const lastSlot = "2026-11-21T09:00:45.000Z";
      const incident = { kind: "healthy", lastSlot, lastGoodAt: lastSlot } as const;
      bureau.sees(STANDBY, "acme", { incident });
    },
  ],
];

describe("what a recovery would need", () => {
  const record = (changes: Partial<PreparedRecord> = {}): PreparedRecord => ({
    ...{ at: "2026-11-21T06:00:00.000Z", region: CONTROL, fleet: "fleet/1.json", checks: 7 },
    ...{ lacks: [], unknown: [] },
    ...changes,
  });
  const recorded = (changes: Partial<PreparedRecord>) => {
    const bureau = new Bureau();
    bureau.memory.at(CONTROL).put(`prepared/${CONTROL}.json`, record(changes));
    return statusOf(bureau);
  };
  const lack = (about: string): PreparedRecord["lacks"][number] => ({
    ...{ kind: "secret", about, detail: "it is not there", since: "2026-11-20T06:00:00.000Z" },
  });

  it("is no line where all is there, and part of the JSON nevertheless", async () => {
    const status = await recorded({});
    expect(status).toMatchObject({
      ok: true,
      preparedness: [{ region: CONTROL, stale: false, lacks: [] }],
    });
    expect(statusLines(status, false).join("\n")).not.toContain("recovery");
  });

  it("is said where it lacks, and needs a person", async () => {
    const status = await recorded({ lacks: [lack("acme-db/sla")] });
    const lines = statusLines(status, false);
    expect(lines).toContain("→ recovery in eu-west-1: secret acme-db/sla: it is not there");
    expect(lines).toContain("→ docs/runbook.md#recovery-unprepared");
    expect(lines.at(-1)).toBe("something needs a person");
  });

  it("is not said a thousand times", async () => {
    const lacks = Array.from({ length: 1000 }, (_, at) => lack(`s${at}`));
    const lines = statusLines(await recorded({ lacks }), false);
    expect(lines.filter((line) => line.includes("it is not there"))).toHaveLength(10);
    expect(lines).toContain("→ recovery in eu-west-1: 990 more: --json");
  });

  it.each([
    ["two days ago", "2026-11-19T10:00:46.000Z", false],
    ["longer ago", "2026-11-19T10:00:44.000Z", true],
  ])("and was looked at %s is stale: %s, %s", async (_when, at, stale) => {
    const status = await recorded({ at });
    expect([status.preparedness[0]?.stale, status.ok]).toEqual([stale, !stale]);
    const said = statusLines(status, false).join("\n").includes("nobody has looked since");
    expect(said).toBe(stale);
  });
});

describe("redundancy", () => {
  it("is degraded since the failover, and says who builds a standby", async () => {
    const bureau = new Bureau();
    bureau.failedOver();
    const acme = await acmeIn(bureau);
    expect(acme?.redundancy).toBe("degraded");
    expect(acme?.needs).toContain(
      "redundancy degraded since 2026-11-21 10:00:30 UTC, and nobody builds a standby: sla reprotect acme --reason '…'",
    );
  });

  it("is being built while that machine is at work, which is no failover", async () => {
    const bureau = new Bureau();
    bureau.failedOver();
    const by = `arn:aws:states:${CONTROL}:111111111111:execution:sla-reprotect:rp-acme-e2`;
    bureau.running.add(by);
    const lock = { state: "held", by, until: "2026-11-21T11:00:00.000Z" };
    bureau.memory.at(CONTROL).put("locks/acme.json", lock);
    const acme = await acmeIn(bureau);
    expect(acme).toMatchObject({ redundancy: "building", reprotect: { execution: by } });
    expect(acme?.failover).toBeUndefined();
    expect(statusLines(await statusOf(bureau), false).join("\n")).toContain("being built");
  });
});

describe("the status of an instance", () => {
  it("shows a recovery where it runs, which is no failover", async () => {
    const bureau = new Bureau();
    bureau.running.add(RECOVERY);
    const lock = { state: "held", by: RECOVERY, until: "2026-11-21T11:00:00.000Z" };
    for (const site of [STANDBY, CONTROL]) bureau.memory.at(site).put("locks/acme.json", lock);
    const acme = await acmeIn(bureau);
    expect(acme).toMatchObject({ recovery: { execution: RECOVERY, region: CONTROL } });
    expect(acme?.failover).toBeUndefined();
    const text = statusLines(await statusOf(bureau), false).join("\n");
    expect(text).toContain("acme (quick): being recovered");
    expect(text).toMatch(/recovery +rc-acme-e1-p1 in eu-west-1/);
  });

  it.each(NEEDS)("says what %s needs", async (_, words, trouble) => {
    const bureau = new Bureau();
    trouble(bureau);
    expect((await acmeIn(bureau))?.needs.join("\n")).toMatch(words);
    expect((await statusOf(bureau)).ok).toBe(false);
  });

  it("goes by the highest epoch of any ledger that answers, and calls a lost standby degraded", async () => {
    const bureau = new Bureau();
    const roles = bureau.memory.at(HOME).peek<object>("roles/acme.json");
    const seat = { region: STANDBY, database: "acme-db-standby" };
    const { standby: _, ...alone } = roles as { standby: unknown };
    bureau.memory
      .at(CONTROL)
      .put("roles/acme.json", { ...alone, epoch: 2, primary: seat, owner: CONTROL });
    bureau.memory.cutOff(HOME);
    const status = await statusOf(bureau);
    expect(status.instances[0]).toMatchObject({
      roles: { epoch: 2, primary: seat },
      redundancy: "degraded",
    });
    expect(status.unanswered).toMatchObject([{ region: HOME, what: "ledger" }]);
  });

  it("owes a fence that was paid and is not any more, though a copy is behind", async () => {
    const bureau = new Bureau();
    const paid = { ...DEBT, state: "paid", revision: 1 };
    bureau.memory.at(CONTROL).put("debts/acme/fence.json", { ...DEBT, revision: 2 });
    bureau.memory.at(STANDBY).put("debts/acme/fence.json", paid);
    expect((await acmeIn(bureau))?.debts).toMatchObject([{ kind: "fence", revision: 2 }]);
  });

  it("needs somebody to know that an old primary in quarantine may have sessions open", async () => {
    const bureau = new Bureau();
    const paid = { ...DEBT, state: "paid", database: "acme-db" };
    bureau.memory.at(CONTROL).put("debts/acme/fence.json", { ...paid, unsevered: true });
    expect(await acmeIn(bureau)).toMatchObject({
      debts: [],
      fences: [{ kind: "fence", unsevered: true }],
      needs: [
        "the old primary acme-db in eu-central-2 does not answer, its sessions may be open; they end when it does: docs/runbook.md#fence-debts",
      ],
    });
    bureau.memory.at(CONTROL).put("debts/acme/fence.json", paid);
    expect(await acmeIn(bureau)).toMatchObject({ fences: [], needs: [] });
  });

  it("owes no debt that any ledger says is settled", async () => {
    const bureau = new Bureau();
    bureau.memory.at(CONTROL).put("debts/acme/fence.json", DEBT);
    bureau.memory.at(STANDBY).put("debts/acme/fence.json", { ...DEBT, state: "paid" });
    expect(await acmeIn(bureau)).toMatchObject({ debts: [], needs: [] });
  });
});

describe("a fleet", () => {
  it("has a watch that is silent, by site and shard", async () => {
    const bureau = new Bureau();
    bureau.memory.at(STANDBY).put("shards/s00.json", {
      ...bureau.memory.at(STANDBY).peek<object>("shards/s00.json"),
      lastSlot: "2026-11-21T09:00:00.000Z",
    });
    expect((await statusOf(bureau)).silentWatches).toEqual([
      { site: STANDBY, shard: "s00", since: "2026-11-21T09:00:00.000Z" },
    ]);
  });

  it("names who has not confirmed which mails", async () => {
    const bureau = new Bureau();
    const pending: Unconfirmed = {
      ...{ region: CONTROL, topic: "sla-alerts", address: "it@acme.example.ch" },
      ...{ topicArn: `arn:aws:sns:${CONTROL}:111111111111:sla-alerts`, state: "missing" },
    };
    bureau.pending.push(pending);
    const status = await statusOf(bureau);
    expect(status).toMatchObject({ ok: false, unconfirmed: [pending] });
    const text = statusLines(status, false).join("\n");
    expect(text).toContain("it@acme.example.ch is told nothing");
    expect(text).toContain(
      `aws sns subscribe --region ${CONTROL} --protocol email \\\n--topic-arn arn:aws:sns:${CONTROL}:111111111111:sla-alerts \\\n`,
    );
  });

  it("of which no ledger answers is unknown: one line, exit 2", async () => {
    const bureau = new Bureau();
    for (const site of Object.keys(bureau.fleet.sites)) bureau.memory.cutOff(site);
    await expect(gather(bureau)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^sites: no ledger answers in eu-central-2, .*: no answer/),
    });
  });
});

describe("what the log of a standby costs its primary", () => {
  const GIB = 2 ** 30;
  const gauge = (bureau: Bureau, reading: object, { epoch = 1, site = STANDBY } = {}) =>
    bureau.memory.at(site).put("watches/s00-gauges.json", {
      at: "2026-11-21T10:00:00.000Z",
      instances: { acme: { epoch, ...reading } },
    });
  const low = {
    storage: { freePercent: 12, allocatedBytes: 100 * GIB, retainedBytes: 48 * GIB, below: 15 },
  };
  const linesOf = async (bureau: Bureau) =>
    statusLines(await statusOf(bureau), false)
      .join("\n")
      .replace(/\n\s+/g, " ");

  it("is said where its storage is low, with what happens next", async () => {
    const bureau = new Bureau();
    gauge(bureau, low);
    const acme = await acmeIn(bureau);
    expect(acme?.storage).toEqual({ at: "2026-11-21T10:00:00.000Z", ...low.storage });
    expect(acme?.needs).toEqual([
      "the log kept for the standby leaves 12 % of the storage free: docs/runbook.md#storage-low",
    ]);
    expect(await linesOf(bureau)).toContain("LOW: at most 12 % of 100.0 GiB free, 48.0 GiB of log");
  });

  it("is a figure and no need while enough is free", async () => {
    const bureau = new Bureau();
    gauge(bureau, { storage: { freePercent: 60, allocatedBytes: 9, retainedBytes: 1 } });
    expect(await acmeIn(bureau)).toMatchObject({ storage: { freePercent: 60 }, needs: [] });
    expect(await linesOf(bureau)).not.toContain("storage");
  });

  it("counts under the epoch of now only", async () => {
    const bureau = new Bureau();
    gauge(bureau, { ...low, broken: "error" }, { epoch: 7 });
    expect(await acmeIn(bureau)).toMatchObject({ redundancy: "streaming", needs: [] });
  });

  it("is a broken standby where RDS has ended its replication", async () => {
    const bureau = new Bureau();
    gauge(bureau, { broken: "terminated" });
    expect(await acmeIn(bureau)).toMatchObject({
      ...{ redundancy: "broken", broken: "terminated" },
      needs: ["the standby's replication is terminated: docs/runbook.md#standby-broken"],
    });
    expect(await linesOf(bureau)).toContain("BROKEN: RDS has ended its replication");
  });

  it("is told beside tables that nobody could look through after a failover", async () => {
    const bureau = new Bureau();
    gauge(bureau, { unreadTables: 2 });
    expect(await acmeIn(bureau)).toMatchObject({
      unreadTables: 2,
      needs: [
        "our login may not read 2 tables, which hides rows that a failover leaves behind: docs/runbook.md#rows-unreadable",
      ],
    });
  });

  it("is a standby that was given up, until a new one streams", async () => {
    const bureau = new Bureau();
    const before = bureau.memory.at(HOME).peek<Roles>("roles/acme.json");
    if (!before) throw new Error("no roles");
    const roles = unprotectedRoles(before, CONTROL, "2026-11-21T10:00:00.000Z", "a drop");
    for (const site of [HOME, STANDBY, CONTROL]) {
      bureau.memory.at(site).put("roles/acme.json", roles);
    }
    expect(await acmeIn(bureau)).toMatchObject({
      redundancy: "degraded",
      dropped: {
        ...{ database: "acme-db-standby", region: STANDBY },
        at: "2026-11-21T10:00:00.000Z",
      },
    });
    expect(await linesOf(bureau)).toContain(
      "acme-db-standby was given up at 2026-11-21 10:00:00 UTC",
    );
  });
});

describe("the backups of an instance", () => {
  const PLAN = { contents: ["database"], schedules: [{ every: "1d" }] } as const;

  function sold(): Bureau {
    const bureau = new Bureau();
    for (const [name, plan] of Object.entries(bureau.fleet.plans)) {
      Object.assign(bureau.fleet.plans, { [name]: { ...plan, backups: PLAN } });
    }
    return bureau;
  }
  const shelf = (bureau: Bureau, site: string, newest: string | undefined, troubles: object[]) =>
    bureau.memory.at(site).put(`shelves/${site}.json`, {
      ...{ at: "2026-11-21T10:00:00.000Z", fleet: "fleet/1.json", troubles },
      instances: newest === undefined ? {} : { acme: { available: 3, making: 0, newest } },
    });
  const linesOf = async (bureau: Bureau) => statusLines(await statusOf(bureau), false).join("\n");

  it("are no row before anybody has looked at them, or where none are sold", async () => {
    expect((await acmeIn(sold()))?.backups).toBeUndefined();
    const bureau = new Bureau();
    shelf(bureau, HOME, "2026-11-21T04:00:00.000Z", []);
    expect((await acmeIn(bureau))?.backups).toBeUndefined();
  });

  it("are as old as the newest, in so many places", async () => {
    const bureau = sold();
    shelf(bureau, HOME, "2026-11-21T04:00:00.000Z", []);
    expect((await acmeIn(bureau))?.backups).toMatchObject({
      ...{ newestAt: "2026-11-21T04:00:00.000Z", places: 1, of: 1, troubles: [] },
    });
    expect(await linesOf(bureau)).toMatch(/backups {3}newest .* old, in 1 of 1 places/);
    shelf(bureau, HOME, undefined, []);
    expect(await linesOf(bureau)).toMatch(/backups {3}none yet/);
  });

  it("say where its logs are replicated to, and how far they lag behind", async () => {
    const bureau = sold();
    const logsAt = (site: string, lossSeconds?: number) =>
      bureau.memory.at(site).put(`shelves/${site}.json`, {
        ...{ at: "2026-11-21T10:00:00.000Z", fleet: "fleet/1.json", troubles: [] },
        instances: {
          acme: {
            available: 0,
            making: 0,
            logs: { from: HOME, ...(lossSeconds && { lossSeconds }) },
          },
        },
      });
    logsAt(STANDBY);
    expect(await linesOf(bureau)).toMatch(/logs {6}replicated to eu-central-1, not restorable yet/);
    logsAt(CONTROL, 540);
    expect((await acmeIn(bureau))?.backups?.logs).toEqual({ to: CONTROL, lossSeconds: 540 });
    expect(await linesOf(bureau)).toMatch(/logs {6}replicated to eu-west-1, 9m behind/);
  });

  it("need a person once people have been told of a trouble", async () => {
    const bureau = sold();
    const late = { kind: "copy-late", instance: "acme", region: HOME, since: "2026-11-21T01:00Z" };
    const detail = "no copy of sla-acme-1 yet";
    shelf(bureau, HOME, "2026-11-21T04:00:00.000Z", [{ ...late, detail, isTold: false }]);
    expect((await acmeIn(bureau))?.needs).toEqual([]);
    shelf(bureau, HOME, "2026-11-21T04:00:00.000Z", [{ ...late, detail, isTold: true }]);
    const status = await statusOf(bureau);
    expect(status.ok).toBe(false);
    expect(status.instances[0]?.needs).toEqual([`backups in ${HOME}: ${detail}: sla backups acme`]);
  });
});
