import { describe, expect, it } from "vitest";
import { answeredHere } from "../../functions/prepared/look.ts";
import { HERE, HOME, lettingIn, PreparedWorld, ROUTE53 } from "../fakes/prepared-world.ts";

const tomorrow = (world: PreparedWorld) => world.clock.wait(86_400);
const kinds = (world: PreparedWorld) => world.told.map(({ kind }) => kind);

describe("a look at what a recovery would need", () => {
  it("finds all well, tells nobody, and writes down that it has looked", async () => {
    const world = new PreparedWorld();
    const record = await world.look();
    expect(record).toEqual({
      ...{ at: "2026-11-22T06:00:00.000Z", region: HERE, fleet: "fleet/1.json" },
      ...{ checks: 13, lacks: [], unknown: [] },
    });
    expect(world.told).toEqual([]);
    expect(world.ledgers.at(HERE).peek("prepared/eu-west-1.json")).toEqual(record);
    expect(answeredHere(record)).toBe(record);
  });

  it("looks at the key of copies and at those of the newest backups, and at no others", async () => {
    const world = new PreparedWorld();
    world.keyStates.set("arn:of-now", "PendingDeletion");
    world.keyStates.set("alias/sla-backups", undefined);
    const { lacks } = await world.look();
    expect(world.keysAsked.toSorted()).toEqual(["alias/sla-backups", "arn:of-now"]);
    expect(lacks.map(({ kind, about, detail }) => `${kind} ${about}: ${detail}`)).toEqual([
      "key alias/sla-backups: it is not there",
      "key arn:of-now: KMS calls it 'PendingDeletion'",
    ]);
    expect(world.told[0]?.lines).toContain("KMS key alias/sla-backups: it is not there.");
  });

  it("tells what was changed once, again when it is worse, and once more when it is mended", async () => {
    const world = new PreparedWorld();
    world.groups.set(HERE, { family: "postgres15", values: { max_connections: "100" } });
    await world.look();
    await tomorrow(world);
    await world.look();
    expect(kinds(world)).toEqual(["recovery-unprepared"]);
    expect(world.told[0]).toMatchObject({ instance: HERE, at: "2026-11-22T06:00:00.000Z" });
    expect(world.told[0]?.lines.slice(0, 2)).toEqual([
      "What a recovery in eu-west-1 would need has changed; nothing is down:",
      "parameters, unlike odoo-15 of eu-central-2: max_connections is 100, in eu-central-2 500.",
    ]);
    await tomorrow(world);
    world.groups.set(HERE, { family: "postgres15", values: { max_connections: "50" } });
    const { lacks } = await world.look();
    expect(kinds(world)).toEqual(["recovery-unprepared", "recovery-unprepared"]);
    expect(lacks).toMatchObject([{ since: "2026-11-22T06:00:00.000Z" }]);
    await tomorrow(world);
    world.groups.set(HERE, { family: "postgres15", values: { max_connections: "500" } });
    expect((await world.look()).lacks).toEqual([]);
    expect(world.told.at(-1)).toMatchObject({
      kind: "recovery-prepared",
      lines: [
        "parameters, unlike odoo-15 of eu-central-2: no longer wrong.",
        "A recovery in eu-west-1 finds all that it needs.",
      ],
    });
    expect(new Set(world.told.map(({ incident }) => incident)).size).toBe(3);
  });

  it("tells of a quarantine that somebody has opened by a mail of its own, before all else", async () => {
    const world = new PreparedWorld();
    world.securityGroups.set("eu-west-1/sg-3q", lettingIn("vpc-3", "sg-sql", "0.0.0.0/0"));
    world.subnetGroup = undefined;
    const { lacks } = await world.look();
    expect(kinds(world)).toEqual(["fence-unsound", "recovery-unprepared"]);
    expect(world.told[0]?.lines).toEqual([
      "A primary that is fenced in eu-west-1 would not be cut off as it should; nothing is down:",
      "quarantine group sg-3q: it lets in 0.0.0.0/0 on tcp 5432: what is fenced with it can still be written to.",
      "Runbook: docs/runbook.md#fence-unsound",
    ]);
    expect(world.told[1]?.lines.join()).not.toContain("sg-3q");
    expect(lacks.map(({ kind }) => kind)).toEqual(["subnet-group", "quarantine-group"]);
    await tomorrow(world);
    world.securityGroups.set("eu-west-1/sg-3q", lettingIn("vpc-3", "sg-sql"));
    await world.look();
    expect(world.told.at(-1)?.lines[0]).toBe("quarantine group sg-3q: no longer wrong.");
  });

  it("finds a group that is gone, and says so by its name", async () => {
    const world = new PreparedWorld();
    world.securityGroups.delete("eu-west-1/sg-3");
    expect((await world.look()).lacks).toMatchObject([
      { kind: "security-group", about: "sg-3", detail: "it is not there" },
    ]);
  });

  it("says what is still lacking when something else is mended", async () => {
    const world = new PreparedWorld();
    world.subnetGroup = undefined;
    const secret = world.secrets.get(`${HERE}/acme-db/sla`);
    world.secrets.delete(`${HERE}/acme-db/sla`);
    await world.look();
    await tomorrow(world);
    if (secret) world.secrets.set(`${HERE}/acme-db/sla`, secret);
    await world.look();
    expect(world.told.at(-1)?.lines).toEqual([
      "secret acme-db/sla: no longer wrong.",
      "Still lacking in eu-west-1: 1. Which: npx sla status",
    ]);
  });

  it("goes by the newest backup of an instance, and by no database that is somebody else's", async () => {
    const world = new PreparedWorld();
    world.snapshots.push({
      id: "sla-acme-20261123t000000z",
      ...{ takenAt: "2026-11-23T00:00:00.000Z", version: "16.4" },
    });
    expect((await world.look()).lacks).toMatchObject([
      { detail: "it is of postgres15, and acme needs postgres16" },
    ]);
  });

  it("holds no backup of another engine against the group of PostgreSQL", async () => {
    const world = new PreparedWorld();
    world.snapshots.push({
      ...{ id: "sla-shop-20261123t000000z", engine: "mariadb", version: "10.11.6" },
      takenAt: "2026-11-23T00:00:00.000Z",
    });
    world.running.push({ id: "acme-db", version: "15.18", retentionDays: 7 });
    expect((await world.look()).lacks).toEqual([]);
    expect(world.told).toEqual([]);
  });

  it("does not take a group that is gone for one whose parameters are well again", async () => {
    const world = new PreparedWorld();
    world.groups.set(HERE, { family: "postgres15", values: {} });
    await world.look();
    await tomorrow(world);
    world.groups.delete(HERE);
    const { lacks } = await world.look();
    expect(lacks.map(({ kind }) => kind)).toEqual(["parameter-group"]);
    expect(kinds(world)).toEqual(["recovery-unprepared", "recovery-unprepared"]);
  });
});

describe("while a region does not answer", () => {
  it("what was lacking of it goes on lacking, and nobody is told anything", async () => {
    const world = new PreparedWorld();
    world.groups.set(HERE, { family: "postgres15", values: {} });
    await world.look();
    await tomorrow(world);
    world.silent.add(HOME);
    const record = await world.look();
    expect(record.lacks).toMatchObject([{ kind: "parameter-values" }]);
    expect(record.unknown.map(({ region, kind }) => [region, kind])).toEqual([
      [HOME, "parameter-values"],
      [HOME, "security-group-rules"],
      [HOME, "secret-copy"],
    ]);
    expect(kinds(world)).toEqual(["recovery-unprepared"]);
    // Another region's loss is told by its own alarms.
    expect(answeredHere(record)).toBe(record);
  });

  it("it is not asked for each of a thousand secrets", async () => {
    const world = new PreparedWorld(Array.from({ length: 1000 }, (_, at) => `i${at}`));
    world.silent.add(HOME);
    const { unknown } = await world.look();
    expect(unknown).toHaveLength(1002);
    expect(world.unanswered).toBeLessThan(20);
  });

  it("that is its own, the look is an error", async () => {
    const world = new PreparedWorld();
    world.silent.add(HERE);
    const record = await world.look();
    expect(() => answeredHere(record)).toThrow(/sla-restore: eu-west-1: no answer, and 10 more/);
  });

  it("its ledger may be the one that is lost: the look goes by the roles that others know", async () => {
    const world = new PreparedWorld();
    world.ledgers.cutOff(HOME);
    expect((await world.look()).lacks).toEqual([]);
  });
});

describe("STOP checks of a site that instances fail over to", () => {
  const REFERENCE = `sla-stop-cell--${HOME}-${HERE}-automatic-${HERE}`;
  const NAME = "db.acme.example.ch";

  function standingBy(): PreparedWorld {
    const world = new PreparedWorld();
    for (const site of Object.keys(world.fleet.sites)) {
      const ledger = world.ledgers.at(site);
      const roles = ledger.peek<object>("roles/acme.json");
      const standby = { region: HERE, database: "acme-db-standby" };
      ledger.put("roles/acme.json", { ...roles, standby });
    }
    world.running.push({ id: "acme-db-standby", version: "15.18", retentionDays: 7 });
    return world;
  }
  const lacks = async (world: PreparedWorld) =>
    (await world.look()).lacks.map(({ kind, about, detail }) => `${kind} ${about}: ${detail}`);

  it("are told until they are made and carried", async () => {
    const world = standingBy();
    expect(await lacks(world)).toEqual([
      `stop-check ${REFERENCE}: nobody has made it, so its flag leads nobody over`,
    ]);
    world.stopChecks.push(
      { reference: REFERENCE, id: "c1" },
      { reference: `${REFERENCE}-1`, id: "c2" },
    );
    world.primaryRecords.push({ name: NAME, healthCheck: "c1" });
    await tomorrow(world);
    expect(await lacks(world)).toEqual([
      `stop-check ${REFERENCE}: PRIMARY of ${NAME} does not carry it (c2)`,
    ]);
    world.primaryRecords[0] = { name: NAME, healthCheck: "c2" };
    await tomorrow(world);
    expect(await lacks(world)).toEqual([]);
    expect(kinds(world)).toEqual([
      "recovery-unprepared",
      "recovery-unprepared",
      "recovery-prepared",
    ]);
  });

  it("are not known while Route 53's API is away, and that is no error of this site", async () => {
    const world = standingBy();
    world.silent.add(ROUTE53);
    const record = await world.look();
    expect(record).toMatchObject({ lacks: [], unknown: [{ kind: "stop-check", region: ROUTE53 }] });
    expect(answeredHere(record)).toBe(record);
  });

  it("are not asked for where no flag leads to this site", async () => {
    const world = new PreparedWorld();
    world.silent.add(ROUTE53);
    await world.look();
    expect(world.unanswered).toBe(0);
  });
});
