import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Approval } from "../../../functions/approval/contract.ts";
import { protectedRoles, type Roles } from "../../../lib/sla/roles.ts";
import { Bureau, CONTROL, down, HOME, STANDBY, WELL } from "../../fakes/operator-access.ts";
import { typed } from "./typed.ts";

const world = vi.hoisted(() => ({ bureau: {} as Bureau }));
vi.mock("../../../lib/operator/access.ts", () => ({ accessTo: async () => world.bureau }));
vi.mock("../../../lib/cli/fleet-of.ts", () => ({ fleetOf: () => world.bureau.fleet }));

beforeEach(() => {
  world.bureau = new Bureau();
});
afterEach(() => {
  process.exitCode = undefined;
});

const WHY = ["--reason", "no power", "--json"] as const;

/** One object on one line is all that is printed. */
async function told(...words: readonly string[]) {
  const { exitCode, text } = await typed(...words, ...WHY);
  expect(text.split("\n")).toHaveLength(1);
  return { exitCode, told: JSON.parse(text) as object };
}

const HALT = {
  ...{ code: "HaltBehind", message: "acme: promoting may lose 420 s" },
  next: { why: "It would go on so:", command: "npx sla failover acme --allow-loss 420s" },
};
const endsWell = (succeeded: boolean) => {
  world.bureau.machines.describe = async () => world.bureau.execution({ succeeded });
};

/** The failover that was started ends so, with this in its folder. */
function leaves(file: "record" | "halted", content: object): void {
  const { bureau } = world;
  bureau.machines.describe = async (execution) => {
    const name = execution.split(":").at(-1);
    bureau.memory.at(STANDBY).put(`failovers/acme/${name}/${file}.json`, content);
    return bureau.execution({ succeeded: file === "record" });
  };
}

/** acme down for sure, its standby ten seconds behind. */
function dead(): void {
  const at = "2026-11-21T09:59:50.000Z";
  const beats = { standby: { at, sequence: 3 } };
  const lastSeen = { streaming: true, standbyBeat: at };
  world.bureau.sees(STANDBY, "acme", { incident: down("unclear"), beats, lastSeen });
}

it("sla failover --json says what would halt it, with the flag that takes it on", async () => {
  for (const look of [[], ["--dry-run"]]) {
    expect(await told("failover", "acme", ...look)).toMatchObject({
      exitCode: 1,
      told: {
        ...{ instance: "acme", region: STANDBY, epoch: 1, silent: [] },
        from: { region: HOME, database: "acme-db", status: "available" },
        to: { region: STANDBY, database: "acme-db-standby", status: "available" },
        lost: { by: "the plan allows" },
        halts: [{ code: "HaltRecovered", flag: "--even-if-alive", accepted: false }],
      },
    });
  }
  expect(world.bureau.started).toEqual([]);
});

it("sla failover --planned --json says that nothing is lost", async () => {
  expect(await told("failover", "acme", "--planned", "--dry-run")).toMatchObject({
    exitCode: 0,
    told: { lost: { atMostSeconds: 0 }, halts: [] },
  });
});

it("sla failover --json starts it and says how it ended", async () => {
  dead();
  const measured = { rtoSeconds: 55, rpoSeconds: 10 };
  const record = { measured, goodAt: "2026-11-21T10:00:55.000Z", more: "evidence" };
  leaves("record", record);
  const execution = expect.stringContaining(`:${STANDBY}:111111111111:execution:sla-failover:fo-`);
  const { exitCode, told: done } = await told("failover", "acme");
  expect(exitCode).toBe(0);
  expect(done).toMatchObject({
    ...{ execution, outcome: "done", measured, goodAt: "2026-11-21T10:00:55.000Z" },
    lost: { atMostSeconds: 10, allowedSeconds: expect.any(Number) },
  });
  expect(done).not.toHaveProperty("more");
  expect(world.bureau.started).toHaveLength(1);
});

it("sla failover --json says why it halted and what to type next", async () => {
  dead();
  leaves("halted", { ...HALT, loss: "", fence: [] });
  expect(await told("failover", "acme")).toMatchObject({
    exitCode: 1,
    told: { outcome: "halted", halt: HALT },
  });
});

it("sla failover --detach --json names what it started, and waits for nothing", async () => {
  dead();
  const { exitCode, told: begun } = await told("failover", "acme", "--detach");
  expect(exitCode).toBe(0);
  expect(begun).toMatchObject({ instance: "acme", execution: expect.stringContaining(":fo-acme") });
  expect(begun).not.toHaveProperty("outcome");
});

it("sla reprotect --json says where, and how it ended", async () => {
  world.bureau.failedOver();
  endsWell(true);
  expect(await told("reprotect", "acme")).toMatchObject({
    exitCode: 0,
    told: {
      ...{ instance: "acme", region: CONTROL, outcome: "done" },
      ...{ execution: expect.stringContaining(":rp-acme-e2-"), seat: { region: HOME } },
    },
  });
  endsWell(false);
  const [{ name = "" } = {}] = world.bureau.reprotects;
  expect(name).toMatch(/^rp-acme-e2-p/);
  world.bureau.memory.at(CONTROL).put("reprotects/acme/rp-acme-e2/halted.json", {
    ...{ code: "HaltQuota", message: "40 of 40", next: "npx sla reprotect acme" },
  });
  expect(await told("reprotect", "acme")).toMatchObject({
    exitCode: 1,
    told: {
      outcome: "halted",
      halt: { code: "HaltQuota", message: "40 of 40", next: { command: "npx sla reprotect acme" } },
    },
  });
});

const NAME = "fo-acme-e1-1";
const EXECUTION = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:${NAME}`;

/** acme is being failed over; it ends, halted, as soon as somebody has been asked. */
function busy(): void {
  const { bureau } = world;
  const ledger = bureau.memory.at(STANDBY);
  bureau.running.add(EXECUTION);
  ledger.put("locks/acme.json", { state: "held", by: EXECUTION, until: "2026-11-21T11:00:00Z" });
  endsWell(false);
}

it.each([
  ["HaltAborted", "stopped", 0],
  ["HaltBehind", "halted", 1],
])("sla abort --json tells %s as %s", async (code, outcome, exitCode) => {
  busy();
  const halt = { ...HALT, code };
  world.bureau.memory.at(STANDBY).put(`failovers/acme/${NAME}/halted.json`, halt);
  expect(await told("abort", "acme")).toEqual({
    exitCode,
    told: { instance: "acme", execution: EXECUTION, region: STANDBY, folder: NAME, outcome, halt },
  });
});

it("sla approve --json says what was answered and what came of it", async () => {
  busy();
  const found = ["acme is down since 10:00:00"];
  const open: Approval = {
    ...{ instance: "acme", failover: NAME, incident: "i1", execution: EXECUTION, epoch: 1 },
    ...{ askedAt: "2026-11-21T10:00:30.000Z", until: "2026-11-21T10:06:30.000Z" },
    ...{ otherwise: "failover", asked: ["ops@orchard.example"], found, state: "open" },
  };
  const ledger = world.bureau.memory.at(STANDBY);
  const answer = async (...flags: readonly string[]) => {
    ledger.put(`approvals/acme/${NAME}.json`, open);
    return told("approve", "acme", ...flags);
  };
  const said = { instance: "acme", execution: EXECUTION, folder: NAME, region: STANDBY, found };
  expect(await answer("--detach")).toEqual({ exitCode: 0, told: { ...said, state: "approved" } });
  ledger.put(`failovers/acme/${NAME}/halted.json`, { ...HALT, code: "HaltRefused" });
  expect(await answer("--refuse")).toMatchObject({
    exitCode: 0,
    told: { ...said, state: "refused", outcome: "halted", halt: { code: "HaltRefused" } },
  });
  expect(await answer()).toMatchObject({ exitCode: 1, told: { state: "approved" } });
});

it("sla retire --json says what would go and what would stay", async () => {
  const { bureau } = world;
  bureau.failedOver();
  const roles = bureau.memory.at(HOME).peek<Roles>("roles/acme.json");
  if (!roles) throw new Error("no roles");
  const standby = { region: HOME, database: "acme-db-sla2" };
  const now = protectedRoles(roles, standby, "2026-11-21T10:00:35.000Z", "a reprotect");
  for (const site of [HOME, STANDBY, CONTROL]) bureau.memory.at(site).put("roles/acme.json", now);
  bureau.sees(HOME, "acme", { ...WELL, epoch: 3 });
  bureau.sees(STANDBY, "birch");
  const old = bureau.databases.all.get(`${HOME}/acme-db`);
  if (!old) throw new Error("gone");
  old.groups = ["sg-2q"];
  const seat = { instance: "acme", region: HOME, database: "acme-db" };
  const snapshot = "acme-db-final-20261121100045";
  expect(await told("retire", "acme")).toEqual({
    exitCode: 0,
    told: { ...seat, status: "available", snapshot, divergent: [], retired: false },
  });
  bureau.databases.all.delete(`${HOME}/acme-db`);
  expect(await told("retire", "acme", "--yes")).toEqual({
    exitCode: 0,
    told: { ...seat, status: "missing", divergent: [], retired: true },
  });
});
