import { describe, expect, it } from "vitest";
import { consider } from "../../../lib/operator/consider.ts";
import { foreseen } from "../../../lib/operator/foresee.ts";
import type { Execution } from "../../../lib/operator/machine.ts";
import { outlookLines, refusalLines } from "../../../lib/operator/outlook-lines.ts";
import {
  parseLoss,
  parseReason,
  refuseContradiction,
  type Wish,
} from "../../../lib/operator/wish.ts";
import { Bureau, CONTROL, down, HOME, STANDBY, type WELL } from "../../fakes/operator-access.ts";

const WISH: Wish = { instance: "acme", reason: "no power", force: false, evenIfAlive: false };
const COMMAND = "npx sla failover acme --reason 'no power'";

function about(bureau: Bureau, wish: Partial<Wish> = {}, continues?: string) {
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("no acme");
  return consider(bureau, acme, { ...WISH, ...wish }, continues);
}

/** acme down for sure, its standby's newest heartbeat `seconds` before the first bad round. */
function dead(seconds = 10, changes: Partial<typeof WELL> = {}): Bureau {
  const bureau = new Bureau();
  const at = new Date(Date.parse("2026-11-21T10:00:00.000Z") - seconds * 1000).toISOString();
  const beats = { standby: { at, sequence: 3 } };
  const lastSeen = { streaming: true, standbyBeat: at };
  bureau.sees(STANDBY, "acme", { incident: down("unclear"), beats, lastSeen, ...changes });
  return bureau;
}

type Case = readonly [string, () => Bureau, readonly string[], string | undefined];
const CASES: readonly Case[] = [
  ["a dead primary", () => dead(), [], undefined],
  [
    "an instance that answers",
    () => new Bureau(),
    ["HaltRecovered"],
    `  ${COMMAND} --even-if-alive`,
  ],
  [
    "an application that is down beside a living database",
    () => dead(10, { incident: down("application-down") }),
    ["HaltStillAlive"],
    `  ${COMMAND} --even-if-alive`,
  ],
  ["a standby that is behind", () => dead(420), ["HaltBehind"], `  ${COMMAND} --allow-loss 420s`],
  [
    "a standby that never showed a heartbeat",
    () => dead(0, { beats: {}, lastSeen: { streaming: false } }),
    ["HaltNotStreaming", "HaltBehind"],
    `  ${COMMAND} --allow-loss any`,
  ],
  [
    "a failover a minute ago",
    () => {
      const bureau = dead();
      const roles = bureau.memory.at(STANDBY).peek<object>("roles/acme.json");
      const by = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-1`;
      const newer = { ...roles, by, since: "2026-11-21T09:59:45.000Z" };
      bureau.memory.at(STANDBY).put("roles/acme.json", newer);
      bureau.memory.at(HOME).put("roles/acme.json", newer);
      bureau.memory.at(CONTROL).put("roles/acme.json", newer);
      return bureau;
    },
    ["HaltCooldown"],
    `  ${COMMAND} --force`,
  ],
  [
    "maintenance that holds failovers back",
    () => {
      const bureau = dead();
      bureau.memory.at(STANDBY).put("maintenance/m1.json", {
        ...{ window: "m1", kind: "planned", scope: "fleet", instances: ["acme"], by: "ops" },
        ...{ fromAt: "2026-11-21T10:00:00.000Z", toAt: "2026-11-21T11:00:00.000Z" },
        ...{ announcedAt: "2026-11-19T10:00:00.000Z", reason: "disks", holdsFailovers: true },
      });
      return bureau;
    },
    ["HaltMaintenance"],
    `  ${COMMAND} --force`,
  ],
  [
    "a standby that somebody promoted",
    () => {
      const bureau = dead();
      const standby = bureau.databases.all.get(`${STANDBY}/acme-db-standby`);
      if (standby) standby.source = undefined;
      return bureau;
    },
    ["HaltStandbyUnfit"],
    "No flag helps against HaltStandbyUnfit: docs/runbook.md#failover-halted",
  ],
];

describe("what is known before a failover", () => {
  it.each(CASES)("of %s", async (_, make, codes, wayOut) => {
    const considered = await about(make());
    expect(foreseen(considered).map(({ code }) => code)).toEqual(codes);
    expect(refusalLines(considered, COMMAND)?.at(-1)).toBe(wayOut);
    const lines = outlookLines(considered);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const said = refusalLines(considered, COMMAND)?.join("\n") ?? "";
    for (const code of codes) expect(said).toContain(`  ${code}: acme`);
  });

  it("says who, whence, whither, how much is lost at most and in which order", async () => {
    const text = outlookLines(await about(dead()))
      .join(" ")
      .replaceAll(/\s+/g, " ");
    expect(text).toContain(`from acme-db in ${HOME}, available`);
    expect(text).toContain(`to acme-db-standby in ${STANDBY}, available`);
    expect(text).toContain("loss at most 10s; the plan allows 5m");
    expect(text).toContain(`these steps in ${STANDBY}: admit →`);
    expect(text).toMatch(/fence → drain → promote → gate → roles → flip → prove → record/);
  });

  it.each<[Partial<Wish>, () => Bureau]>([
    [{ evenIfAlive: true }, () => new Bureau()],
    [{ allowLoss: 420 }, () => dead(420)],
    [{ allowLoss: "any" }, () => dead(0, { beats: {}, lastSeen: { streaming: false } })],
  ])("with %j nothing stands in the way", async (wish, make) => {
    expect(refusalLines(await about(make(), wish), COMMAND)).toBeUndefined();
  });

  it("has a bound that is a bound", async () => {
    const refusal = refusalLines(await about(dead(420), { allowLoss: 419 }), COMMAND);
    expect(refusal?.[1]).toBe("  HaltBehind: acme: promoting may lose 420 s, you allow 419 s");
  });
});

describe("the request of a person", () => {
  it("is about the open incident, in the owner's site, on the newest epoch", async () => {
    const { region, request } = await about(dead(), { force: true });
    expect(region).toBe(STANDBY);
    expect(request).toMatchObject({
      ...{ instance: "acme", incident: "20261121100000000", epoch: 1, trigger: "person" },
      ...{ reason: "no power", firstBadAt: "2026-11-21T10:00:00.000Z" },
      ...{ lastGoodAt: "2026-11-21T09:59:45.000Z", accept: ["HaltCooldown", "HaltMaintenance"] },
    });
    expect(request.lastSeen?.streaming).toBe(true);
  });

  it("goes on where the failover ran, with nothing accepted but what is said now", async () => {
    const bureau = dead();
    const request = {
      ...{ instance: "acme", incident: "i", epoch: 1, trigger: "watch", reason: "x" },
      ...{ firstBadAt: "2026-11-21T09:00:00.000Z", accept: ["HaltBehind"] },
    };
    bureau.memory.at(CONTROL).put("failovers/acme/fo-9/halted.json", { request });
    bureau.memory.at(CONTROL).put("failovers/acme/fo-9/promote.json", { state: "asked" });
    const begun = await about(bureau, { evenIfAlive: true }, "fo-9");
    expect(begun).toMatchObject({ region: CONTROL });
    expect(begun.request).toMatchObject({
      ...{ continues: "fo-9", trigger: "person", firstBadAt: "2026-11-21T09:00:00.000Z" },
      accept: ["HaltRecovered", "HaltStillAlive"],
    });
    await expect(about(bureau, {}, "fo-8")).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^--continue: no failover 'fo-8' of acme has halted in /),
    });
  });

  it("that goes on before the promotion is about what is down now, on the epoch of then", async () => {
    const bureau = dead();
    const request = {
      ...{ instance: "acme", incident: "i", epoch: 3, trigger: "watch", reason: "x" },
      firstBadAt: "2026-11-14T09:00:00.000Z",
    };
    bureau.memory.at(STANDBY).put("failovers/acme/fo-9/halted.json", { request });
    expect((await about(bureau, {}, "fo-9")).request).toMatchObject({
      ...{ continues: "fo-9", epoch: 3, incident: "20261121100000000" },
      firstBadAt: "2026-11-21T10:00:00.000Z",
    });
  });
});

describe("a failover that its machine broke off", () => {
  const ARN = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-9`;

  /** No note of a halt anywhere, one execution of that name. */
  function brokenOff(state: Partial<Execution>, continues?: string): Bureau {
    const bureau = dead();
    bureau.machines.describe = (arn) =>
      arn === ARN
        ? Promise.resolve(bureau.execution(state, continues))
        : Promise.reject(new Error(`no execution ${arn}`));
    return bureau;
  }

  it("is gone on with where it ran", async () => {
    const begun = await about(brokenOff({}), {}, "fo-9");
    expect(begun).toMatchObject({ region: STANDBY, request: { continues: "fo-9", epoch: 1 } });
  });

  it.each([
    [
      "while it runs",
      { isRunning: true },
      undefined,
      1,
      /fo-9 of acme is running: .*sla abort acme/,
    ],
    ["once it is done", { succeeded: true }, undefined, 2, /no failover 'fo-9' of acme has halted/],
    ["by the name of a later try", {}, "fo-1", 2, /fo-9 went on with fo-1: --continue fo-1/],
  ])("is not gone on with %s", async (_, state, continues, exitCode, message) => {
    await expect(about(brokenOff(state, continues), {}, "fo-9")).rejects.toMatchObject({
      ...{ name: "UserError", exitCode },
      message: expect.stringMatching(message),
    });
  });
});

describe("what a person may write", () => {
  it.each([
    ["7m", 420],
    ["90s", 90],
    ["any", "any"],
  ])("as a loss: %s", (text, loss) => expect(parseLoss(text)).toBe(loss));

  it.each(["7", "a while", "-1m", ""])("not as a loss: '%s'", (text) => {
    expect(() => parseLoss(text)).toThrow(/^--allow-loss: '.*' is no duration: .*; or any/);
  });

  it("not as a reason: nothing", () => {
    expect(() => parseReason("  ")).toThrow(/^--reason: say why/);
  });
});

describe("a planned failover by hand", () => {
  const planned = { planned: true } as const;

  it("finds nothing in its way where all is well, and says that nothing is lost", async () => {
    const outlook = await about(new Bureau(), planned);
    expect(outlook.request).toMatchObject({ planned: true, trigger: "person" });
    expect(foreseen(outlook)).toEqual([]);
    expect(outlookLines(outlook).join("\n")).toContain("none: it promotes only when");
  });

  it("is none of what is down: no flag helps", async () => {
    const outlook = await about(dead(), planned);
    expect(foreseen(outlook).map(({ code }) => code)).toEqual(["HaltDown"]);
    expect(refusalLines(outlook, COMMAND)?.join("\n")).toContain("No flag helps against HaltDown");
  });

  it("is refused where the standby does not stream", async () => {
    const bureau = new Bureau();
    bureau.sees(STANDBY, "acme", { lastSeen: { streaming: false } });
    const codes = foreseen(await about(bureau, planned)).map(({ code }) => code);
    expect(codes).toEqual(["HaltNotStreaming"]);
  });

  it("is refused where the standby is minutes late: clients would wait for nothing", async () => {
    const late = (standbyBeat: string) => {
      const bureau = new Bureau();
      bureau.sees(STANDBY, "acme", { lastSeen: { streaming: true, standbyBeat } });
      return about(bureau, planned).then(foreseen);
    };
    expect(await late("2026-11-21T09:57:39.000Z")).toEqual([
      {
        code: "HaltNotDrained",
        words:
          "acme: acme-db-standby lacks the last 180 s of its primary, more than could arrive while clients wait",
        accepted: false,
      },
    ]);
    expect(await late("2026-11-21T09:59:39.000Z")).toEqual([]);
  });

  it.each([{ allowLoss: 60 }, { evenIfAlive: true }])(
    "takes nothing upon itself: %o",
    (contradiction) => {
      expect(() => refuseContradiction({ ...WISH, ...planned, ...contradiction })).toThrow(
        /^--planned: .* leave --(allow-loss|even-if-alive) away$/,
      );
    },
  );
});

describe("a cluster of one region", () => {
  const member = (id: string, isWriter: boolean, status = "available") => ({
    ...{ id, isWriter, status, tier: isWriter ? 1 : 0 },
  });

  /** acme dead for sure, as if it were one. */
  async function ofMembers(members: readonly ReturnType<typeof member>[]) {
    const found = await about(dead());
    const { standby: _, ...roles } = found.status.roles ?? fail();
    if (typeof found.seats.primary === "string") return fail();
    const primary = { ...found.seats.primary, members };
    const { request, status } = found;
    return {
      ...{ ...found, request: { ...request, lastSeen: { streaming: true } } },
      status: { ...status, roles },
      seats: { primary, standby: "missing" as const },
    };
  }

  const fail = (): never => {
    throw new Error("acme is not as it should be");
  };

  it("is taken over by another member, of which it is said how they are", async () => {
    const outlook = await ofMembers([member("acme-1", true), member("acme-2", false)]);
    expect(foreseen(outlook)).toEqual([]);
    const lines = outlookLines(outlook).join("\n");
    expect(lines).toMatch(/to {8}the best of acme-2 \(tier 0, available\)/);
    expect(lines).toMatch(/loss {6}none/);
  });

  it("is taken over by nobody where its writer is alone", async () => {
    const outlook = await ofMembers([member("acme-1", true), member("acme-2", false, "creating")]);
    expect(foreseen(outlook).map(({ code }) => code)).toEqual(["HaltNoMember"]);
  });
});
