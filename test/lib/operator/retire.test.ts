import { describe, expect, it } from "vitest";
import { retire } from "../../../lib/operator/retire.ts";
import { planRetirement, type RetireWish } from "../../../lib/operator/retire-plan.ts";
import type { Retirement } from "../../../lib/operator/retirement.ts";
import { protectedRoles, type Roles, type Seat } from "../../../lib/sla/roles.ts";
import type { FakeDatabase } from "../../fakes/failover-databases.ts";
import { Bureau, CONTROL, HOME, STANDBY, WELL } from "../../fakes/operator-access.ts";

const OLD: Seat = { region: HOME, database: "acme-db" };
const NEW: Seat = { region: HOME, database: "acme-db-sla2" };
const WISH: RetireWish = { reason: "no use any more", evenIfUnread: false };
const DEBT = {
  ...{ state: "paid", kind: "fence", instance: "acme", incident: "i1", because: "region lost" },
  ...{ region: HOME, database: "acme-db", since: "2026-11-21T09:00:00.000Z", epoch: 1 },
  execution: `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-1`,
};
const LATE = { ...DEBT, mail: { by: CONTROL, toldAt: "2026-11-21T09:30:00.000Z" } };

/** acme was failed over, a new standby streams, the old primary is in quarantine. */
function reprotected(): Bureau {
  const bureau = new Bureau();
  bureau.failedOver();
  const roles = bureau.memory.at(HOME).peek<Roles>("roles/acme.json");
  if (!roles) throw new Error("no roles");
  const now = protectedRoles(roles, NEW, "2026-11-21T10:00:35.000Z", "a reprotect");
  for (const site of [HOME, STANDBY, CONTROL]) bureau.memory.at(site).put("roles/acme.json", now);
  bureau.sees(HOME, "acme", { ...WELL, epoch: 3 });
  bureau.sees(STANDBY, "birch");
  old(bureau).groups = ["sg-2q"];
  owing(bureau, DEBT);
  return bureau;
}

function old(bureau: Bureau): FakeDatabase {
  const found = bureau.databases.all.get(`${HOME}/acme-db`);
  if (!found) throw new Error("gone");
  return found;
}

const owing = (bureau: Bureau, debt: object) =>
  bureau.memory.at(CONTROL).put("debts/acme/fence.json", debt);

function plan(bureau: Bureau, changes: Partial<RetireWish> = {}) {
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("no acme");
  return planRetirement(bureau, acme, { ...WISH, ...changes });
}

/** RDS, which takes a look or two for everything. */
class Undertaker implements Retirement {
  readonly done: string[] = [];
  left: string | undefined = "available";
  refusals = 2;
  readonly #bureau: Bureau;

  constructor(bureau: Bureau) {
    this.#bureau = bureau;
  }

  async unprotect({ database }: Seat) {
    this.done.push(`unprotect ${database}`);
    return "accepted" as const;
  }

  async remove({ region, database }: Seat, snapshot: string) {
    if (this.refusals-- > 0) return "wrong-state" as const;
    this.done.push(`remove ${database}, leave ${snapshot}`);
    this.#bureau.databases.all.delete(`${region}/${database}`);
    return "accepted" as const;
  }

  async snapshot() {
    return this.left;
  }
}

type Trouble = (bureau: Bureau) => void;
const REFUSALS: readonly (readonly [string, RegExp, Trouble])[] = [
  [
    "no new standby streams",
    /no new standby streams \(not-streaming\)/,
    (bureau) => bureau.sees(HOME, "acme", { ...WELL, epoch: 3, lastSeen: { streaming: false } }),
  ],
  ["nobody stands by", /no new standby streams \(degraded\)/, (bureau) => bureau.failedOver()],
  [
    "its fence is owed",
    /not fenced yet: region lost/,
    (bureau) => owing(bureau, { ...LATE, state: "owed" }),
  ],
  [
    "it is not in quarantine",
    /not in quarantine: its groups are sg-clients/,
    (bureau) => {
      old(bureau).groups = ["sg-clients"];
    },
  ],
  [
    "nobody has looked for rows of its own yet",
    /not looked for yet/,
    (bureau) => owing(bureau, LATE),
  ],
  [
    "rows of its own could not be looked for",
    /could not be looked for: permission denied/,
    (bureau) => owing(bureau, { ...LATE, divergent: "could not be looked for: permission denied" }),
  ],
  [
    "a table was not looked through",
    /not looked through: 1/,
    (bureau) => owing(bureau, { ...LATE, divergent: "none found; not looked through: 1, big" }),
  ],
  [
    "a ledger does not answer that might know newer roles",
    /the ledger of eu-west-1 might know newer roles/,
    (bureau) => bureau.memory.cutOff(CONTROL),
  ],
];

describe("an old primary stays", () => {
  it.each(REFUSALS)("while %s", async (_what, words, trouble) => {
    const bureau = reprotected();
    trouble(bureau);
    await expect(plan(bureau)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(words),
    });
    expect(bureau.databases.changes).toEqual([]);
  });

  it("if there is none", async () => {
    await expect(plan(new Bureau())).rejects.toMatchObject({
      exitCode: 1,
      message: "acme: it was never failed over: nothing to retire",
    });
  });

  it("if another name is said than that of an old primary: never what serves or stands by", async () => {
    for (const database of ["acme-db-standby", "acme-db-sla2"]) {
      await expect(plan(reprotected(), { database })).rejects.toMatchObject({
        exitCode: 2,
        message: `--database: '${database}' is no old primary of acme: acme-db in eu-central-2`,
      });
    }
  });

  it("until somebody says which of several", async () => {
    const bureau = reprotected();
    for (const site of [HOME, STANDBY, CONTROL]) {
      const roles = bureau.memory.at(site).peek<Roles>("roles/acme.json");
      const former = [...(roles?.former ?? []), { region: STANDBY, database: "acme-db-1" }];
      bureau.memory.at(site).put("roles/acme.json", { ...roles, former });
    }
    await expect(plan(bureau)).rejects.toMatchObject({
      message: expect.stringContaining(
        "say which by --database: acme-db in eu-central-2, acme-db-1",
      ),
    });
    expect((await plan(bureau, { database: "acme-db" })).seat).toMatchObject(OLD);
  });
});

describe("an old primary goes", () => {
  it("with its protection off and a last snapshot left behind, and nobody looks after it any more", async () => {
    const bureau = reprotected();
    const undertaker = new Undertaker(bureau);
    const told: string[] = [];
    await retire(bureau, undertaker, await plan(bureau), (line) => told.push(line));
    expect(undertaker.done).toEqual([
      "unprotect acme-db",
      expect.stringMatching(/^remove acme-db, leave acme-db-final-20261121100\d{3}$/),
    ]);
    for (const site of [HOME, STANDBY, CONTROL]) {
      expect(bureau.memory.at(site).peek("retired/acme/acme-db.json")).toMatchObject({
        reason: "no use any more",
        snapshot: expect.stringContaining("acme-db-final-"),
      });
    }
    expect(bureau.memory.at(CONTROL).peek("debts/acme/fence.json")).toMatchObject({
      state: "retired",
    });
    expect(told.at(-1)).toMatch(/is retired/);
  });

  it("only as a plan until it is said twice", async () => {
    const bureau = reprotected();
    const { state } = await plan(bureau);
    expect(state?.status).toBe("available");
    expect(bureau.databases.all.has(`${HOME}/acme-db`)).toBe(true);
    expect(bureau.memory.at(CONTROL).keys("retired/")).toEqual([]);
  });

  it("with the rows of its own that were found and kept, or that a person leaves to the snapshot", async () => {
    const bureau = reprotected();
    owing(bureau, { ...LATE, divergent: "3 (public.orders 3), kept in failovers/…" });
    expect((await plan(bureau)).debts).toHaveLength(1);
    owing(bureau, LATE);
    expect((await plan(bureau, { evenIfUnread: true })).seat).toMatchObject(OLD);
  });

  it("once: what is gone is gone, and its debts end all the same", async () => {
    const bureau = reprotected();
    bureau.databases.all.delete(`${HOME}/acme-db`);
    const undertaker = new Undertaker(bureau);
    await retire(bureau, undertaker, await plan(bureau), () => {});
    expect(undertaker.done).toEqual([]);
    expect(bureau.memory.at(CONTROL).peek("debts/acme/fence.json")).toMatchObject({
      state: "retired",
    });
  });

  it("not without a word if no snapshot is left", async () => {
    const bureau = reprotected();
    const undertaker = new Undertaker(bureau);
    undertaker.left = "failed";
    await expect(retire(bureau, undertaker, await plan(bureau), () => {})).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining("is failed: its automated backups are kept"),
    });
  });
});
