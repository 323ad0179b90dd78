import { describe, expect, it } from "vitest";
import type { Approval } from "../../../functions/approval/contract.ts";
import { answerQuestion } from "../../../lib/operator/answer-question.ts";
import { fleetStatus } from "../../../lib/operator/fleet-status.ts";
import { gather } from "../../../lib/operator/gather.ts";
import { openQuestion } from "../../../lib/operator/open-question.ts";
import { statusLines } from "../../../lib/operator/status-lines.ts";
import { stopFailover } from "../../../lib/operator/stop-failover.ts";
import { Bureau, STANDBY } from "../../fakes/operator-access.ts";

const NAME = "fo-acme-e1-1";
const EXECUTION = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:${NAME}`;
const OPEN: Approval = {
  ...{ instance: "acme", failover: NAME, incident: "i1", execution: EXECUTION, epoch: 1 },
  ...{ askedAt: "2026-11-21T10:00:30.000Z", until: "2026-11-21T10:06:30.000Z" },
  ...{ otherwise: "failover", asked: ["ops@orchard.example"], found: ["down"], state: "open" },
};

/** acme's failover waits for a person. */
function waiting(approval: Approval | undefined = OPEN): Bureau {
  const bureau = new Bureau();
  const ledger = bureau.memory.at(STANDBY);
  bureau.running.add(EXECUTION);
  ledger.put("locks/acme.json", { state: "held", by: EXECUTION, until: "2026-11-21T11:00:00Z" });
  if (approval) ledger.put(`approvals/acme/${NAME}.json`, approval);
  ledger.put(`sealed/acme/${NAME}.json`, { secret: "s", token: "token-1" });
  bureau.machines.describe = async () => bureau.execution({ isRunning: true });
  return bureau;
}

function questionIn(bureau: Bureau) {
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("no acme");
  return openQuestion(bureau, acme);
}

const APPROVED = { state: "approved", by: "arn:ops", reason: "seen it" } as const;

describe("sla approve", () => {
  it("writes who and why down, and wakes the machine", async () => {
    const bureau = waiting();
    await answerQuestion(bureau, await questionIn(bureau), APPROVED);
    expect(bureau.memory.at(STANDBY).peek(`approvals/acme/${NAME}.json`)).toMatchObject({
      ...APPROVED,
      at: expect.stringMatching(/^2026-11-21T10:00:4/),
      epoch: 1,
    });
    expect(bureau.woken).toEqual(["token-1"]);
  });

  it("says who was first, in one line", async () => {
    const bureau = waiting();
    const question = await questionIn(bureau);
    await answerQuestion(bureau, question, { ...APPROVED, state: "refused", by: "arn:other" });
    await expect(answerQuestion(bureau, question, APPROVED)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^acme: already refused by arn:other at 2026/),
    });
    await expect(questionIn(bureau)).rejects.toThrow(/^acme: already refused by arn:other/);
  });

  it("has decided though the machine could not be woken: it looks by itself", async () => {
    const bureau = waiting();
    bureau.machines.wake = async () => Promise.reject(new Error("no answer"));
    await answerQuestion(bureau, await questionIn(bureau), APPROVED);
    expect(bureau.memory.at(STANDBY).peek(`approvals/acme/${NAME}.json`)).toMatchObject(APPROVED);
  });

  it("says that a failover asks nobody, or that none runs", async () => {
    const bureau = waiting();
    bureau.memory.at(STANDBY).remove(`approvals/acme/${NAME}.json`);
    await expect(questionIn(bureau)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^acme: fo-acme-e1-1 is running and asks nobody/),
    });
    bureau.running.clear();
    await expect(questionIn(bureau)).rejects.toThrow(/no failover has the lock/);
  });
});

describe("a failover that waits for a person", () => {
  it("is shown with its end and the command", async () => {
    const bureau = waiting();
    const status = fleetStatus(bureau.fleet, await gather(bureau));
    expect(status.instances[0]?.failover).toMatchObject({ question: { until: OPEN.until } });
    const text = statusLines(status, false).join(" ").replaceAll(/ +/g, " ");
    expect(text).toContain("acme (quick): DOWN, waits for an approval");
    expect(text).toContain(`until ${OPEN.until}, then it goes on by itself: sla approve acme`);
    expect(status.ok).toBe(false);
  });

  it("is shown as a failover like any other once it is answered", async () => {
    const bureau = waiting();
    await answerQuestion(bureau, await questionIn(bureau), APPROVED);
    const [acme] = fleetStatus(bureau.fleet, await gather(bureau)).instances;
    expect(acme?.needs).toEqual(["a failover is running; sla abort acme stops it before promote"]);
  });

  it("is woken by sla abort, so that it stops at once", async () => {
    const bureau = waiting();
    const { running } = await questionIn(bureau);
    bureau.machines.describe = async () => bureau.execution({ isRunning: false, succeeded: false });
    await stopFailover(bureau, "acme", running, "the wrong one", () => {});
    expect(bureau.woken).toEqual(["token-1"]);
  });
});
