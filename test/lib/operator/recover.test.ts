import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { foreseenRecovery } from "../../../lib/operator/recover-foresee.ts";
import { recoverLines } from "../../../lib/operator/recover-lines.ts";
import type { RecoverWish } from "../../../lib/operator/recover-wish.ts";
import { TAGS } from "../../../lib/sla/backups/catalogue.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { Bureau, CONTROL, HOME, NOW, STANDBY } from "../../fakes/operator-access.ts";
import {
  backup,
  failed,
  type Held,
  LOST,
  logs,
  lost,
  MORNING,
  NIGHT,
  planned,
  proven,
  type Scene,
} from "../../fakes/recover-scene.ts";

const ZONE = "Europe/Zurich";
const BAD = "2026-11-21T10:00:00.000Z";

describe("where an instance is brought back", () => {
  it.each<[string, Held, Partial<Instance>, [string, string, RegExp]]>([
    [
      "where least is lost",
      { ...LOST, [CONTROL]: { backups: [backup(CONTROL, MORNING)] } },
      {},
      [CONTROL, MORNING, /least is lost/],
    ],
    [
      "where logs reach further than any backup",
      { ...LOST, [CONTROL]: { logs: [logs(NIGHT, MORNING)] } },
      {},
      [CONTROL, MORNING, /least is lost/],
    ],
    [
      "where the application has its place, if as little is lost there",
      LOST,
      { app: { home: "a", recovery: { [CONTROL]: "c" } } },
      [CONTROL, NIGHT, /application has its place/],
    ],
    [
      "where the same backup was proven",
      { ...LOST, [CONTROL]: { backups: [backup(CONTROL, NIGHT, proven)] } },
      {},
      [CONTROL, NIGHT, /proven/],
    ],
    [
      "where an older one is whole, if the newer one's test has failed",
      {
        [CONTROL]: { backups: [backup(CONTROL, NIGHT)] },
        [STANDBY]: { backups: [backup(STANDBY, MORNING, failed)] },
      },
      {},
      [CONTROL, NIGHT, /others have failed/],
    ],
    [
      "in the one place that has anything",
      { [CONTROL]: { backups: [backup(CONTROL, NIGHT)] } },
      {},
      [CONTROL, NIGHT, /nothing else/],
    ],
  ])("%s", async (_, held, instance, [region, at, because]) => {
    const plan = await planned({}, { held, instance });
    expect([plan.region, plan.chosen.at]).toEqual([region, at]);
    expect(plan.because).toMatch(because);
  });

  it("where a person wants it, though more is lost there", async () => {
    const held = { ...LOST, [STANDBY]: { backups: [backup(STANDBY, MORNING)] } };
    const plan = await planned({ to: CONTROL }, { held });
    expect([plan.region, plan.because]).toEqual([CONTROL, `you name ${CONTROL}`]);
  });

  it("not in a region that does not answer, which is said", async () => {
    const plan = await planned();
    expect(plan.silent).toEqual([HOME]);
    expect(recoverLines(plan, ZONE).join("\n")).toMatch(/eu-central-2 +does not answer/);
  });

  it("not from what another instance, or an old primary after its time, left there", async () => {
    const other = backup(CONTROL, MORNING, { [TAGS.instance]: "dale" });
    const plan = await planned({}, { held: { ...LOST, [CONTROL]: { backups: [other] } } });
    expect(plan.candidates.map(({ region }) => region)).toEqual([STANDBY]);
  });
});

describe("the data of an instant", () => {
  const at = "2026-11-21T09:30:00.000Z";
  const alive = new Bureau();

  it("come from the logs at home if they have it, and else from the newest backup before", async () => {
    const home = { [HOME]: { logs: [logs(NIGHT, NOW)], backups: [backup(HOME, MORNING)] } };
    const exact = await planned({ at }, { bureau: alive, held: { ...LOST, ...home } });
    expect([exact.region, exact.chosen.from, exact.chosen.at]).toEqual([HOME, "logs", at]);
    const later = { [HOME]: { logs: [logs(NOW, NOW)], backups: [backup(HOME, MORNING)] } };
    const before = await planned({ at }, { bureau: alive, held: { ...LOST, ...later } });
    expect([before.region, before.chosen.from, before.chosen.at]).toEqual([
      HOME,
      "backup",
      MORNING,
    ]);
  });

  it("are restored beside what serves, and neither that nor its standby stands in the way", async () => {
    const held = { [HOME]: { logs: [logs(NIGHT, NOW)] } };
    const plan = await planned({ at }, { bureau: alive, held });
    const now = plan.now.toISOString();
    expect(plan.request).toMatchObject({ recovery: { at }, firstBadAt: now, trigger: "person" });
    expect(foreseenRecovery(plan)).toEqual([]);
    expect(plan.lostUntil).toBe(now);
  });

  it("are nowhere if all there is is younger", async () => {
    await expect(planned({ at: "2026-11-20T00:00:00.000Z" })).rejects.toMatchObject({
      exitCode: 2,
      message: `--at: nothing of acme is as old as 2026-11-20T00:00:00.000Z (${HOME} does not answer); the oldest that can be restored is of ${NIGHT}`,
    });
  });
});

describe("what nobody can recover", () => {
  it.each<[string, Partial<RecoverWish>, Scene, number, RegExp]>([
    [
      "an instance of which nothing is kept",
      {},
      { held: { [STANDBY]: {}, [CONTROL]: {} } },
      1,
      /no backup and no logs in eu-central-1, eu-west-1 can be restored \(eu-central-2 does not answer\)/,
    ],
    [
      "to a region that is no place of it",
      { to: "eu-west-3" },
      {},
      2,
      /--to: 'eu-west-3' is no site .*: those are eu-central-2, eu-central-1, eu-west-1/,
    ],
    [
      "to a region that does not answer",
      { to: HOME },
      {},
      1,
      /--to: eu-central-2 does not answer; eu-central-1, eu-west-1 could restore acme/,
    ],
    [
      "to a region that holds nothing",
      { to: CONTROL },
      { held: { ...LOST, [CONTROL]: {} } },
      1,
      /--to: eu-west-1 holds nothing that could bring acme back; eu-central-1 does/,
    ],
    [
      "what was never begun",
      { continues: "rc-x" },
      {},
      2,
      /--continue: no recovery 'rc-x' of acme has halted in/,
    ],
  ])("is refused in one line: %s", async (_, wish, scene, exitCode, said) => {
    await expect(planned(wish, scene)).rejects.toMatchObject({
      ...{ name: "UserError", exitCode },
      message: expect.stringMatching(said),
    });
  });
});

describe("a recovery that halted", () => {
  const ID = "rc-acme-e1-p1";
  const at = "2026-11-20T22:00:00.000Z";
  const request = {
    ...{ instance: "acme", incident: "i1", epoch: 1, trigger: "person", reason: "first" },
    ...{ firstBadAt: BAD, accept: ["HaltRecovered"], recovery: { at } },
  };
  const seat = { region: CONTROL, database: "acme-db-slar1" };

  function halted(note: boolean, more: object = {}): Bureau {
    const bureau = lost();
    const ledger = bureau.memory.at(CONTROL);
    ledger.put(keys.failover("acme", ID, "halted"), { request: { ...request, ...more } });
    const point = { from: "backup", id: "sla-acme-x", at, isProven: true };
    const admit = { before: { standby: seat }, restored: { point } };
    if (note) ledger.put(keys.failover("acme", ID, "admit"), admit);
    return bureau;
  }

  it("goes on where it ran, with what it had chosen and what it was about", async () => {
    const bureau = halted(true);
    const plan = await planned({ continues: ID, evenIfAlive: true, reason: "again" }, { bureau });
    expect(plan).toMatchObject({ region: CONTROL, because: `${ID} began with it`, silent: [] });
    expect(plan.chosen).toEqual({
      region: CONTROL,
      from: "backup",
      id: "sla-acme-x",
      at,
      proof: "proven",
      seat,
    });
    expect(plan.request).toMatchObject({
      continues: ID,
      reason: "again",
      recovery: { at },
      firstBadAt: BAD,
    });
    expect(plan.request.accept).toEqual(["HaltRecovered", "HaltStillAlive"]);
  });

  it("chooses anew, in the same region, if it had not chosen yet", async () => {
    const bureau = halted(false, { recovery: {} });
    const held = { ...LOST, [STANDBY]: { backups: [backup(STANDBY, MORNING)] } };
    const plan = await planned({ continues: ID }, { bureau, held });
    expect([plan.region, plan.chosen.at]).toEqual([CONTROL, NIGHT]);
  });

  it("goes on where the command of its mail says, and nowhere else", async () => {
    const bureau = halted(true);
    const plan = await planned({ continues: ID, to: CONTROL, at }, { bureau });
    expect([plan.region, plan.request.recovery]).toEqual([CONTROL, { at }]);
    await expect(planned({ continues: ID, to: STANDBY }, { bureau })).rejects.toThrow(
      `--to: ${ID} goes on in ${CONTROL}, where it began, not in ${STANDBY}`,
    );
    await expect(planned({ continues: ID, at: NIGHT }, { bureau })).rejects.toThrow(
      `--at: ${ID} began for those of ${at}`,
    );
  });

  it("goes on as well where its machine broke it off without a note of a halt", async () => {
    const bureau = lost();
    const arn = `arn:aws:states:${CONTROL}:111111111111:execution:sla-recover:${ID}`;
    const began = { ...bureau.execution({}).request, recovery: { at } };
    bureau.machines.describe = (asked) =>
      asked === arn
        ? Promise.resolve(bureau.execution({ request: began }))
        : Promise.reject(new Error(`no execution ${asked}`));
    const point = { from: "backup", id: "sla-acme-x", at, isProven: true };
    const admit = { before: { standby: seat }, restored: { point } };
    bureau.memory.at(CONTROL).put(keys.failover("acme", ID, "admit"), admit);
    const plan = await planned({ continues: ID }, { bureau });
    expect(plan).toMatchObject({ region: CONTROL, request: { continues: ID, recovery: { at } } });
  });

  it("is not gone on with when it is done, and is no failover", async () => {
    const done = halted(true);
    done.memory.at(CONTROL).put(keys.failover("acme", ID, "record"), {});
    await expect(planned({ continues: ID }, { bureau: done })).rejects.toThrow(/is done/);
    const { recovery: _, ...failover } = request;
    const other = lost();
    other.memory.at(STANDBY).put(keys.failover("acme", "fo-1", "halted"), { request: failover });
    await expect(planned({ continues: "fo-1" }, { bureau: other })).rejects.toThrow(
      /fo-1 is a failover: npx sla failover acme --continue fo-1/,
    );
  });
});
