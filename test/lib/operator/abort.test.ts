import { describe, expect, it } from "vitest";
import { runningIn } from "../../../lib/operator/running.ts";
import { stopFailover } from "../../../lib/operator/stop-failover.ts";
import { Bureau, CONTROL, STANDBY } from "../../fakes/operator-access.ts";

const EXECUTION = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-acme-e1-1`;
const FOLDER = "failovers/acme/fo-acme-e1-1";
const RUNNING = { execution: EXECUTION, region: STANDBY, folder: "fo-acme-e1-1" };

/** acme is being failed over. */
function busy(): Bureau {
  const bureau = new Bureau();
  bureau.running.add(EXECUTION);
  const lock = { state: "held", by: EXECUTION, until: "2026-11-21T11:00:00.000Z" };
  bureau.memory.at(STANDBY).put("locks/acme.json", lock);
  bureau.machines.describe = async () => bureau.execution({ isRunning: true });
  return bureau;
}

function runningOf(bureau: Bureau) {
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("no acme");
  return runningIn(bureau, acme);
}

describe("what sla abort finds", () => {
  it("is the holder of the lock, in its site", async () => {
    expect(await runningOf(busy())).toEqual(RUNNING);
  });

  it("is nothing, said in one line, while nothing runs", async () => {
    const bureau = busy();
    bureau.running.clear();
    await expect(runningOf(bureau)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^acme: no failover has the lock/),
    });
  });

  it("is since when it is too late", async () => {
    const bureau = busy();
    const at = "2026-11-21T10:00:44.000Z";
    bureau.memory.at(STANDBY).put(`${FOLDER}/promote.json`, { state: "asked", at });
    expect(await runningOf(bureau)).toEqual({ ...RUNNING, promotedAt: at });
    bureau.memory.at(STANDBY).put(`${FOLDER}/promote.json`, { state: "refused", at });
    expect(await runningOf(bureau)).toEqual(RUNNING);
  });

  it("is a recovery, in the site where it runs, be it that only its owner's lock is found", async () => {
    const bureau = busy();
    const by = `arn:aws:states:${CONTROL}:111111111111:execution:sla-recover:rc-acme-e1-p1`;
    bureau.running.add(by);
    const lock = { state: "held", by, until: "2026-11-21T11:00:00.000Z" };
    bureau.memory.at(STANDBY).put("locks/acme.json", lock);
    const folder = "rc-acme-e1-p1";
    expect(await runningOf(bureau)).toEqual({ execution: by, region: CONTROL, folder });
  });

  it("is the folder of the failover it goes on with", async () => {
    const bureau = busy();
    bureau.machines.describe = async () => bureau.execution({ isRunning: true }, "fo-first");
    expect(await runningOf(bureau)).toMatchObject({ folder: "fo-first" });
  });
});

describe("what sla abort does", () => {
  it.each([
    [{ succeeded: false }, "HaltAborted", "stopped"],
    [{ succeeded: false }, "HaltBehind", "halted"],
    [{ succeeded: true }, undefined, "too-late"],
  ] as const)("ends %j with %s as %s", async (end, code, outcome) => {
    const bureau = busy();
    const ledger = bureau.memory.at(STANDBY);
    bureau.machines.describe = async () => {
      // By now the machine can read the wish.
      expect(ledger.peek("aborts/acme.json")).toMatchObject({
        ...{ instance: "acme", execution: EXECUTION, reason: "the wrong one" },
      });
      return bureau.execution({ isRunning: false, ...end });
    };
    if (code) ledger.put(`${FOLDER}/halted.json`, { code });
    const told = stopFailover(bureau, "acme", RUNNING, "the wrong one", () => {});
    expect(await told).toBe(outcome);
  });

  it("asks again where a region stumbles, and not for ever", async () => {
    const bureau = busy();
    let calls = 0;
    bureau.machines.describe = async () => {
      calls += 1;
      if (calls < 3) throw new Error("no answer");
      return bureau.execution({ isRunning: false, succeeded: true });
    };
    expect(await stopFailover(bureau, "acme", RUNNING, "x", () => {})).toBe("too-late");
    bureau.machines.describe = async () => Promise.reject(new Error("no answer"));
    await expect(stopFailover(bureau, "acme", RUNNING, "x", () => {})).rejects.toThrow("no answer");
  });
});
