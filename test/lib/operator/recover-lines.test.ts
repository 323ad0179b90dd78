import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Lack } from "../../../functions/prepared/contract.ts";
import { foreseenRecovery } from "../../../lib/operator/recover-foresee.ts";
import { recoveryJson } from "../../../lib/operator/recover-json.ts";
import { recoverLines, recoverRefusal } from "../../../lib/operator/recover-lines.ts";
import { doneLines, recoveryRecord } from "../../../lib/operator/recover-record.ts";
import { acceptedBy, parseAt, type RecoverWish } from "../../../lib/operator/recover-wish.ts";
import { CONTROL, HOME, NOW, STANDBY } from "../../fakes/operator-access.ts";
import {
  APP,
  answering,
  busy,
  lost,
  NIGHT,
  planned,
  type Scene,
  withStandby,
} from "../../fakes/recover-scene.ts";

const ZONE = "Europe/Zurich";
const COMMAND = "npx sla recover acme --reason 'no power'";
const BAD = "2026-11-21T10:00:00.000Z";

describe("the instant that a person writes", () => {
  const parsed = (text: string) => parseAt(text, new Date(NOW), ZONE);

  it.each([
    ["2026-11-21T09:30:00Z", "2026-11-21T09:30:00.000Z"],
    ["2026-11-21T10:30+01:00", "2026-11-21T09:30:00.000Z"],
    ["2026-11-21 10:30+01:00", "2026-11-21T09:30:00.000Z"],
  ])("%s is %s", (text, instant) => {
    expect(parsed(text)).toBe(instant);
  });

  it.each([
    [
      "2026-11-21 10:30",
      /says no time zone; if it is a time of Europe\/Zurich, say 2026-11-21T10:30:00\+01:00/,
    ],
    ["2026-11-21T12:00:00+01:00", /has not come yet: it is 2026-11-21T10:00:45/],
    ["2026-02-30T12:00:00Z", /is no instant: expected ISO 8601/],
    ["yesterday", /is no instant/],
    ["", /is no instant/],
  ])("'%s' is refused in one line", (text, said) => {
    expect(() => parsed(text)).toThrow(said);
  });
});

describe("what a recovery begun now would halt at", () => {
  it("is nothing where the instance is down, nobody stands by and the promise holds", async () => {
    expect(foreseenRecovery(await planned())).toEqual([]);
  });

  it.each<[string, Partial<RecoverWish>, Scene, readonly string[], string | undefined]>([
    [
      "a standby that streams",
      {},
      { bureau: withStandby() },
      ["HaltStandbyThere"],
      `  ${COMMAND} --even-with-standby`,
    ],
    [
      "the same, taken on",
      { evenWithStandby: true },
      { bureau: withStandby() },
      ["HaltStandbyThere"],
      undefined,
    ],
    [
      "an instance that answers",
      {},
      { bureau: answering() },
      ["HaltRecovered"],
      `  ${COMMAND} --even-if-alive`,
    ],
    [
      "more loss than was sold",
      {},
      { siteLoss: { rpoSeconds: 3600, rtoSeconds: 1 } },
      ["HaltBehind"],
      `  ${COMMAND} --allow-loss 25185s`,
    ],
    [
      "more loss than a person allows",
      { allowLoss: 60 },
      {},
      ["HaltBehind"],
      `  ${COMMAND} --allow-loss 25185s`,
    ],
    [
      "any loss, taken on",
      { allowLoss: "any" },
      { siteLoss: { rpoSeconds: 60, rtoSeconds: 1 } },
      ["HaltBehind"],
      undefined,
    ],
    [
      "another at work",
      {},
      { bureau: busy() },
      ["HaltLocked"],
      "No flag helps against HaltLocked: docs/runbook.md#failover-halted",
    ],
  ])("is %s", async (_, wish, scene, found, wayOut) => {
    const plan = await planned(wish, scene);
    expect(foreseenRecovery(plan).map(({ code }) => code)).toEqual(found);
    const lines = recoverRefusal(plan, COMMAND) ?? [];
    expect(lines.at(-1)).toBe(wayOut);
    expect(lines.slice(0, -1).filter((line) => line.length > 80)).toEqual([]);
  });

  it("goes with the flags of a person into the request", () => {
    const all = {
      reason: "x",
      evenIfAlive: true,
      evenWithStandby: true,
      allowLoss: "any",
    } as const;
    expect(acceptedBy(all)).toEqual({
      accept: ["HaltRecovered", "HaltStillAlive", "HaltBehind", "HaltStandbyThere"],
    });
    expect(acceptedBy({ reason: "x", allowLoss: 90 })).toEqual({ allowLossSeconds: 90 });
  });
});

describe("what a person is told", () => {
  it("is what is taken, what is lost, what was promised and what becomes of the rest", async () => {
    const lines = recoverLines(await planned({}, { instance: APP }), ZONE);
    const text = lines.join(" ").replaceAll(/\s+/g, " ");
    expect(text).toContain(`was acme-db in ${HOME}, available; seen: down, 5s ago`);
    expect(text).toContain(`standby acme-db-standby in ${STANDBY}, missing`);
    expect(text).toContain(`takes backup sla-acme-20261121t030000z of ${NIGHT} in ${CONTROL}`);
    expect(text).toContain(`becomes acme-db-slar1 in ${CONTROL}, epoch 2`);
    expect(text).toContain(
      "lost what was written 2026-11-21 04:00 – 2026-11-21 11:00 (Europe/Zurich): 7h, up to the first bad round",
    );
    expect(text).toContain("promised RPO 1d, RTO 1d for a data center that is lost");
    expect(text).toContain("app app.acme.example.ch leads to control.elb.example");
    expect(text).toContain(
      "old acme-db and acme-db-standby: no clients any more, in quarantine until sla retire acme",
    );
    expect(text).toMatch(/these steps in eu-west-1: Admit → Restore → .* → Record/);
  });

  it("says of what lives that it goes on to be written", async () => {
    const lines = recoverLines(await planned({}, { bureau: answering() }), ZONE);
    expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain(
      "up to now, and what is written until it is fenced",
    );
  });

  it("says of a place without the application that the name for it is left alone", async () => {
    const { app } = APP;
    const instance = { ...APP, app: { home: app.home } };
    const text = recoverLines(await planned({}, { instance }), ZONE).join(" ");
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      `database only: app.acme.example.ch is left alone, for the fleet has no app.recovery in ${STANDBY}`,
    );
  });

  it("is also what the region lacked at its last look, as far as it concerns the instance", async () => {
    const bureau = lost();
    const lack = (kind: Lack["kind"], about: string): Lack => ({
      ...{ kind, about, detail: "it is not there", since: NIGHT },
    });
    const lacks = [
      lack("subnet-group", "sla-restore"),
      lack("secret", "acme-db/sla"),
      lack("secret-copy", "somebody-elses/sla"),
    ];
    bureau.memory.at(CONTROL).put(keys.prepared(CONTROL), { lacks });
    const plan = await planned({}, { bureau, instance: APP });
    expect(plan.lacks).toEqual(lacks.slice(0, 2));
    expect(recoveryJson(plan).lacks).toEqual(plan.lacks);
    const lines = recoverLines(plan, ZONE).filter((line) => line.includes("lacks"));
    expect(lines).toEqual([
      "  lacks     subnet group sla-restore: it is not there",
      "  lacks     secret acme-db/sla: it is not there",
    ]);
    expect(foreseenRecovery(plan)).toEqual([]);
  });

  it("fits on a screen, with long names and a list of places", async () => {
    const wide = `acme-${"with-a-long-name-".repeat(3)}db`;
    const database = { primary: wide, secret: "s", name: "postgres" };
    const plan = await planned({}, { instance: { ...APP, database } });
    const candidates = [...plan.candidates, { ...plan.chosen, region: "ap-southeast-2" }];
    const lines = recoverLines({ ...plan, candidates, silent: ["me-central-1"] }, ZONE);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("says the same to programs", async () => {
    const told = recoveryJson(await planned({}, { instance: APP }));
    expect(JSON.parse(JSON.stringify(told))).toMatchObject({
      ...{ instance: "acme", region: CONTROL, silent: [HOME], halts: [] },
      request: { instance: "acme", epoch: 1, trigger: "person", firstBadAt: BAD, recovery: {} },
      takes: { region: CONTROL, from: "backup", at: NIGHT, database: "acme-db-slar1" },
      lost: { from: NIGHT, until: BAD, seconds: 25_200 },
      promised: { rpoSeconds: 86_400, rtoSeconds: 86_400 },
    });
    expect(told.name).toMatch(/^rc-acme-e1-p202611211000\d{5}$/);
  });
});

describe("a recovery that is done", () => {
  it("says what it came from, what it took and what it cost", async () => {
    const bureau = lost();
    const plan = await planned({}, { bureau });
    await expect(recoveryRecord(bureau, plan)).rejects.toThrow(/ended without a record/);
    bureau.memory.at(plan.region).put(keys.failover("acme", plan.name, "record"), {
      restored: { point: { from: "backup", id: "sla-acme-x", at: NIGHT, isProven: true } },
      ...{ measured: { rtoSeconds: 5400, rpoSeconds: 25_201 }, goodAt: NOW },
    });
    const lines = doneLines(plan, await recoveryRecord(bureau, plan));
    const text = lines.join("\n");
    expect(text).toContain(`acme: done; its primary is acme-db-standby-slar1 in ${STANDBY}`);
    expect(text).toMatch(/from {2}backup sla-acme-x of 2026-11-21T03/);
    expect(text).toMatch(/RTO {3}1h 30m, promised 1d\n {2}RPO {3}7h 1s, promised 1d/);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});
