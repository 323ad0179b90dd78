import { describe, expect, it } from "vitest";
import type { Flag } from "../../functions/flag/contract.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { CONTROL, STANDBY, World } from "../fakes/failover-world.ts";
import { loweredFlag, recordsDebt, withoutRoute53 } from "../fakes/record-rounds.ts";

const NEW_PRIMARY = `acme-db-standby.${STANDBY}.rds`;

describe("DNS while the API of Route 53 does not answer", () => {
  it("is moved by the flag, to the end of the failover", async () => {
    const world = withoutRoute53();
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.signpost.batches).toEqual([]);
    expect(await world.signpost.cname("ns-1.example", "db.acme.example.ch")).toMatch(
      /^acme-db-standby/,
    );
    expect(world.ledgers.at(STANDBY).peek<Flag>(keys.flag("acme"))).toMatchObject({
      state: "raised",
      token: loweredFlag("acme").token,
      by: world.executionOf(world.request()),
    });
  });

  it("leaves the records as a debt in this site and at control", async () => {
    const world = withoutRoute53();
    await world.failover();
    for (const region of [STANDBY, CONTROL]) {
      expect(world.ledgers.at(region).peek(keys.debt("acme", "records"))).toMatchObject({
        state: "owed",
        kind: "records",
        epoch: 2,
      });
    }
  });

  it("tells people that the records are written by machine, and to leave the flag alone", async () => {
    const world = withoutRoute53();
    await world.failover();
    const done = world.notices.find(({ kind }) => kind === "failover-done");
    expect(done?.lines.join("\n")).toMatch(
      /records still name the old primary[\s\S]+the flag acme is lowered after that/,
    );
    const plain = new World();
    await plain.failover();
    expect(plain.notices.flatMap(({ lines }) => lines).join("\n")).not.toMatch(/STOP flag/);
  });

  it("never moves a neighbour", async () => {
    const world = withoutRoute53();
    await world.failover();
    expect(await world.signpost.cname("ns-1.example", "db.birch.example.ch")).toMatch(
      /^birch-db\./,
    );
  });

  it("raises once, however often the step is taken", async () => {
    const world = withoutRoute53();
    world.twice = true;
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.ledgers.at(STANDBY).peek<Flag>(keys.flag("acme"))?.state).toBe("raised");
  });

  it("halts for a person without a flag, and raises none of an instance that shares its cell's", async () => {
    const flagless = withoutRoute53();
    flagless.ledgers.at(STANDBY).remove(keys.flag("acme"));
    expect((await flagless.failover()).output).toMatchObject({ Error: "HaltRecords" });
    expect(recordsDebt(flagless, CONTROL)).toMatchObject({ state: "owed", flag: "none" });
    const shared = withoutRoute53("cell");
    expect((await shared.failover()).status).toBe("halted");
    expect(shared.ledgers.at(STANDBY).peek<Flag>(keys.flag("acme"))?.state).toBe("lowered");
  });

  it("is left to the records while the API answers", async () => {
    const world = withoutRoute53();
    world.signpost.apiLost = false;
    await world.failover();
    expect(world.signpost.batches).toHaveLength(1);
    expect(world.ledgers.at(STANDBY).peek<Flag>(keys.flag("acme"))?.state).toBe("lowered");
  });

  it("is left to the records when the API stumbles once, before or after it has written", async () => {
    for (const call of ["records", "write"] as const) {
      const world = withoutRoute53();
      world.signpost.apiLost = false;
      const truly = world.signpost[call].bind(world.signpost) as (...all: unknown[]) => never;
      let stumbles = 1;
      Object.assign(world.signpost, {
        [call]: async (...all: unknown[]) => {
          const answer = await truly(...all);
          if (stumbles-- > 0) throw new SlaError("CloudUnreachable", "cloud", "us-east-1: 503");
          return answer;
        },
      });
      expect((await world.failover()).status).toBe("done");
      expect(world.targets("db.acme.example.ch")).toEqual(Array(2).fill(NEW_PRIMARY));
      expect(world.ledgers.at(STANDBY).peek<Flag>(keys.flag("acme"))?.state).toBe("lowered");
    }
  });

  it("is left to the records when our own ledger stumbles", async () => {
    const world = withoutRoute53();
    world.signpost.apiLost = false;
    const ledger = world.ledgers.at(STANDBY);
    const create = ledger.create.bind(ledger);
    let stumbles = 3;
    ledger.create = async (key, value) => {
      if (key.endsWith("/flip.json") && stumbles-- > 0) {
        throw new SlaError("CloudUnreachable", "cloud", `write ${key}: SlowDown`);
      }
      return create(key, value);
    };
    expect((await world.failover()).status).toBe("done");
    expect(world.ledgers.at(STANDBY).peek<Flag>(keys.flag("acme"))?.state).toBe("lowered");
  });
});
