import { describe, expect, it } from "vitest";
import type { Lock } from "../../../functions/failover/lock.ts";
import type { Left } from "../../../functions/ledger/contract.ts";
import { subjectsOf } from "../../../functions/watch/subject.ts";
import { fleetStatus } from "../../../lib/operator/fleet-status.ts";
import { gather } from "../../../lib/operator/gather.ts";
import { leave, stay } from "../../../lib/operator/leave.ts";
import { filesLines, intention, remainsLines } from "../../../lib/operator/leave-lines.ts";
import { planLeave } from "../../../lib/operator/leave-plan.ts";
import { refuseLeft } from "../../../lib/operator/left.ts";
import { remainsOf } from "../../../lib/operator/remains.ts";
import { statusLines } from "../../../lib/operator/status-lines.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { Roles } from "../../../lib/sla/roles.ts";
import { shardOf } from "../../../lib/sla/shards.ts";
import { Bureau, CONTROL, down, HOME, STANDBY } from "../../fakes/operator-access.ts";

const SITES = [HOME, STANDBY, CONTROL] as const;

function office() {
  const bureau = new Bureau();
  const acme = bureau.fleet.instances.find(({ id }) => id === "acme") as Instance;
  const plan = (undo = false) => planLeave(bureau, acme, { undo });
  return {
    ...{ bureau, acme, plan },
    roles: (site: string) => bureau.memory.at(site).peek<Roles>("roles/acme.json"),
    lock: (lock: Lock) => bureau.memory.at(STANDBY).put("locks/acme.json", lock),
    go: async () => leave(bureau, await plan(), { reason: "moves", export: "sla-acme-1" }),
    back: async () => stay(bureau, await plan(true), { reason: "changed its mind" }),
    status: async () => fleetStatus(bureau.fleet, await gather(bureau)),
  };
}

describe("an instance that leaves", () => {
  it("has a next epoch in every ledger, which says so, and nothing else is changed", async () => {
    const desk = office();
    const before = desk.roles(HOME);
    expect(await desk.go()).toEqual([]);
    for (const site of SITES) {
      const after = desk.roles(site);
      expect(after).toEqual({
        ...before,
        ...{ epoch: 2, leftAt: after?.leftAt, since: after?.since, by: after?.by },
      });
      expect(after?.leftAt).toMatch(/^2026-11-21T10:00:45/);
      expect(desk.bureau.memory.at(site).peek<Left>("left/acme.json")).toMatchObject({
        ...{ reason: "moves", export: "sla-acme-1", by: desk.bureau.caller },
      });
    }
    expect(desk.bureau.memory.at(STANDBY).peek<Lock>("locks/acme.json")?.state).toBe("free");
    expect(desk.bureau.databases.changes).toEqual([]);
  });

  it("is looked at by no watch any more, and again once that is taken back", async () => {
    const desk = office();
    const { fleet } = desk.bureau;
    const shard = shardOf("acme", 1);
    const watched = () => {
      const roles = new Map([["acme", desk.roles(STANDBY) as Roles]]);
      return subjectsOf(fleet, shard, roles).map(({ instance: { id } }) => id);
    };
    expect(watched()).toEqual(["acme"]);
    await desk.go();
    expect(watched()).toEqual([]);
    await desk.back();
    expect(watched()).toEqual(["acme"]);
    expect(desk.roles(HOME)).toMatchObject({ epoch: 3, primary: { database: "acme-db" } });
    expect(desk.roles(HOME)?.leftAt).toBeUndefined();
    const left = desk.bureau.memory.at(HOME).peek<Left>("left/acme.json");
    expect(left?.undone).toMatchObject({ reason: "changed its mind" });
  });

  it("is shown as left, and nothing that it lacks needs a person", async () => {
    const desk = office();
    await desk.go();
    desk.bureau.sees(STANDBY, "acme", { lastSeen: { streaming: false } });
    const { instances } = await desk.status();
    const acme = instances.find(({ instance }) => instance === "acme");
    expect(acme?.needs).toEqual([]);
    const text = statusLines(await desk.status(), false).join("\n");
    expect(text).toMatch(/^acme \(.*\): left 2026-11-21 10:00:\d\d UTC, nobody looks after it$/m);
    expect(() => acme && refuseLeft(acme)).toThrow(/sla leave acme --undo/);
  });

  it.each<[string, (desk: ReturnType<typeof office>) => unknown, RegExp]>([
    [
      "a failover runs",
      ({ lock, bureau }) => {
        const by = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:f1`;
        bureau.running.add(by);
        lock({ state: "held", by, until: "2026-11-21T11:00:00.000Z" });
      },
      /sla-failover:f1 is running/,
    ],
    [
      "an incident is open",
      ({ bureau }) => bureau.sees(STANDBY, "acme", { incident: down() }),
      /its incident 20261121100000000 is open/,
    ],
    [
      "something is owed",
      ({ bureau }) =>
        bureau.memory.at(CONTROL).put("debts/acme/fence.json", {
          ...{ state: "owed", kind: "fence", instance: "acme", region: HOME, incident: "i1" },
          ...{ because: "RDS does not answer", since: "2026-11-21T10:00:00.000Z" },
        }),
      /fence is owed in eu-central-2: RDS does not answer/,
    ],
    [
      "a ledger is silent, which might know better",
      ({ bureau }) => bureau.memory.cutOff(HOME),
      /the ledger of eu-central-2 might know newer roles/,
    ],
    ["it has left already", ({ go }) => go(), /it left at .* already/],
  ])("is refused while %s, and nothing is written", async (_, happens, said) => {
    const desk = office();
    await happens(desk);
    const before = desk.roles(STANDBY);
    await expect(desk.go()).rejects.toThrow(said);
    expect(desk.roles(STANDBY)).toEqual(before);
  });

  it("may have had its application stopped: that incident ends with it", async () => {
    const desk = office();
    desk.bureau.sees(STANDBY, "acme", { incident: down("application-down") });
    const key = "incidents/acme/20261121100000000.json";
    desk.bureau.memory.at(HOME).put(key, { instance: "acme", incident: "20261121100000000" });
    await desk.go();
    expect(desk.roles(HOME)?.leftAt).toBeDefined();
    expect(desk.bureau.memory.at(HOME).peek(key)).toMatchObject({
      closedAt: desk.roles(HOME)?.leftAt,
    });
  });

  it("is noted as not having left where its roles could not be written", async () => {
    const desk = office();
    const plan = await desk.plan();
    const owner = desk.bureau.memory.at(STANDBY);
    const replace = owner.replace.bind(owner);
    owner.replace = async (key, value, tag) => {
      if (key.startsWith("roles/")) throw new Error("no answer");
      return replace(key, value, tag);
    };
    await expect(leave(desk.bureau, plan, { reason: "moves" })).rejects.toThrow("no answer");
    const left = desk.bureau.memory.at(CONTROL).peek<Left>("left/acme.json");
    expect(left?.undone?.reason).toBe("it did not come to pass");
    expect(owner.peek<Lock>("locks/acme.json")?.state).toBe("free");
  });

  it("cannot come back where it never left", async () => {
    await expect(office().back()).rejects.toThrow(/it has not left: nothing to take back/);
  });

  it("is refused where a failover began, or gave it new roles, after the first look", async () => {
    const desk = office();
    const plan = await desk.plan();
    desk.bureau.failedOver();
    const late = leave(desk.bureau, plan, { reason: "moves" });
    await expect(late).rejects.toThrow(/gave it new roles meanwhile/);
    expect(desk.roles(HOME)?.leftAt).toBeUndefined();
    expect(desk.bureau.memory.at(CONTROL).keys("left/")).toEqual([]);
    const other = office();
    const early = await other.plan();
    const by = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:f1`;
    other.lock({ state: "held", by, until: "2026-11-21T11:00:00.000Z" });
    await expect(leave(other.bureau, early, { reason: "moves" })).rejects.toThrow(/holds the lock/);
    expect(other.roles(STANDBY)?.leftAt).toBeUndefined();
  });
});

describe("what remains of it", () => {
  const copy = {
    ...{ backup: "sla-acme-1", takenAt: "2026-11-21T03:00:00.000Z", database: "erp" },
    dump: { key: "k", sha256: "cd", bytes: 7 },
    postgres: { server: "15.8", dumpedBy: "17.2" },
    retainUntil: "2027-03-21T03:00:00.000Z",
  };

  it("is said with until when it is locked, and with the commands that end it", async () => {
    const { bureau, acme, plan } = office();
    const { roles } = await plan();
    const row = { takenAt: copy.takenAt, schedules: ["daily"], keptBecause: [], isHeld: false };
    const states = { [HOME]: "available", [STANDBY]: "available" } as const;
    const view = {
      ...{ instance: "acme", plan: "quick", primary: roles.primary, places: [HOME, STANDBY] },
      ...{ silent: [], wanted: [], logs: [], troubles: [] },
      backups: [{ ...row, id: "sla-acme-1", states, provenIn: [] }],
    };
    const images = {
      ...{ machine: "Name=acme", region: HOME, places: [HOME], silent: [], wanted: [] },
      images: [{ ...row, id: "sla-acme-2", states: { [HOME]: "available" }, provenIn: [] }],
    } as const;
    const remains = remainsOf(bureau, acme, { roles, view, images, copies: [copy] });
    expect(remains.backups).toEqual({ [HOME]: ["sla-acme-1"], [STANDBY]: ["sla-acme-1"] });
    const text = remainsLines(remains, "UTC").join("\n");
    expect(text).toContain("locked  until 2027-03-21 03:00: data of 2026-11-21 03:00 (sla-acme-1)");
    expect(text).toContain("backups 1 in eu-central-2, until a person deletes them");
    expect(text).toContain("images  1 in eu-central-2, until a person deletes them");
    expect(text).toMatch(
      /for name in sla-acme-2; do aws ec2 deregister-image --region eu-central-2/,
    );
    const deleted = [
      ...text.matchAll(/aws rds delete-db-instance .* --db-instance-identifier (\S+)/g),
    ];
    expect(deleted.map(([, database]) => database)).toEqual(["acme-db-standby", "acme-db"]);
    expect(text).toContain(
      "for id in sla-acme-1; do aws rds delete-db-snapshot --region eu-central-2 --db-snapshot-identifier $id; done",
    );
  });

  it("and what is about to happen fit a screen", () => {
    const lines = [true, false].flatMap((withoutExport) => intention("acme", { withoutExport }));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const found = {
      ...{ instance: "acme", backup: "sla-acme-1" },
      ...{ manifest: "s3://b/manifests/acme/x.json.gz", bucket: "b", prefix: "files/acme/" },
      ...{ region: CONTROL, files: 3, bytes: 1000, filesAt: copy.takenAt },
    };
    expect(filesLines(found, "UTC").join("\n")).toContain("npx sla restore-files acme --backup");
  });
});
