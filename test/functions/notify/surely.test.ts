import { afterEach, describe, expect, it, vi } from "vitest";
import { SlaError } from "../../../functions/kernel/errors.ts";
import type { Notice, NotifyRequest, Unsent } from "../../../functions/notify/contract.ts";
import { surely } from "../../../functions/notify/surely.ts";
import { UnsentNotices } from "../../../functions/notify/unsent.ts";
import { LeapingClock } from "../../fakes/failover-clock.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const NOTICE: Notice = {
  kind: "failover-done",
  instance: "acme",
  incident: "i1",
  at: "2026-11-21T10:05:00.000Z",
  lines: ["acme serves again"],
};
const THROTTLED = new SlaError("CloudThrottled", "cloud", "lambda: 429");
const GONE = new SlaError("CloudUnreachable", "cloud", "lambda: TimeoutError");

function office(failures: readonly unknown[]) {
  const clock = new LeapingClock("2026-11-21T10:05:00.000Z");
  const ledger = new MemoryLedger("eu-central-1");
  const left = failures.values();
  const handed: NotifyRequest[] = [];
  let asked = 0;
  const hand = async (request: NotifyRequest) => {
    asked += 1;
    const { value, done } = left.next();
    if (!done) throw value;
    handed.push(request);
  };
  const kept = () => ledger.keys().map((key) => ledger.peek<Unsent>(key));
  const messenger = surely({ hand, unsent: new UnsentNotices(ledger, clock), clock });
  return { messenger, ledger, handed, kept, asked: () => asked };
}

const said = () =>
  vi.mocked(console.error).mock.calls.map(([line]) => JSON.parse(String(line)) as { code: string });

describe("a mail of a recovery", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  afterEach(() => void vi.mocked(console.error).mockClear());

  it("is handed over again while it is turned away, three times in all", async () => {
    const { messenger, handed, kept } = office([THROTTLED, THROTTLED]);
    await messenger.notify(NOTICE);
    expect(handed).toEqual([{ notices: [NOTICE] }]);
    expect(kept()).toEqual([]);
    expect(said()).toEqual([]);
  });

  it.each([
    ["turned away for longer", Array(9).fill(THROTTLED), 3],
    ["met with silence", [GONE], 1],
    ["refused", [new SlaError("CloudRefused", "operator", "AccessDenied")], 1],
    ["met with no reason at all", [undefined], 1],
  ])("is kept for whoever pays debts when it is %s", async (_what, failures, times) => {
    const { messenger, handed, kept, asked } = office(failures);
    await messenger.notify(NOTICE);
    expect([asked(), handed]).toEqual([times, []]);
    expect(kept()).toEqual([expect.objectContaining({ state: "unsent", notice: NOTICE })]);
    expect(said()).toMatchObject([{ level: "warning", code: "MailKept", kind: "failover-done" }]);
  });

  it("is named in the log when the ledger does not answer either, and stops nobody", async () => {
    const { messenger, ledger } = office([GONE]);
    ledger.reachable = false;
    await messenger.notify(NOTICE);
    expect(said()).toMatchObject([{ level: "error", code: "MailLost", kind: "failover-done" }]);
  });
});
