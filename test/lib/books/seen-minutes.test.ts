import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { DayRollUp } from "../../../functions/report/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { seenMinutes } from "../../../lib/books/seen-minutes.ts";
import { sheetOf } from "../../../lib/sla/books/minute-sheet.ts";
import { tallyOf } from "../../../lib/sla/books/tally.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const BEGIN = Date.parse("2026-10-01T22:00:00Z");
const span = { fromMs: BEGIN, toMs: BEGIN + 3 * 86_400_000 };
const NOW = "2026-10-06T01:00:00Z";
const votes = { up: { a: "good", b: "good" }, down: { a: "bad", b: "bad" } } as const;

const look = fc.record({
  /** Of the span, an hour before it to an hour after. */
  minute: fc.integer({ min: -60, max: 3 * 1440 + 60 }),
  id: fc.constantFrom("acme", "birch", "gone"),
  verdict: fc.constantFrom("up", "down"),
});

function recordOf({ minute, id, verdict }: { minute: number; id: string; verdict: "up" | "down" }) {
  const at = new Date(BEGIN + minute * 60_000).toISOString();
  const row = { epoch: 1, verdict, votes: votes[verdict], database: "unknown" } as const;
  const looks = [{ slot: at, instances: { [id]: row } }];
  return { shard: "s00", site: "eu-west-1", scheduledTime: at, looks } satisfies RoundRecord;
}

const EVERY = 120;
const plans = { slow: { ...fleetOf([]).plans["mintsys"], watch: { everySeconds: EVERY } } };
const fleet = {
  ...fleetOf(["acme", "birch"].map((id) => instance(id, { plan: "slow" }))),
  plans,
} as unknown as ReturnType<typeof fleetOf>;

async function sealed(ledger: MemoryLedger, first: string): Promise<void> {
  let at = new Date(`${first}T00:16:00Z`);
  const clock = { now: () => at };
  const ports = { site: "eu-west-1", ledger, mirror: undefined, vault: undefined, fleet, clock };
  await sealDays(ports);
  at = new Date(NOW);
  await sealDays(ports);
}

async function read(ledger: MemoryLedger) {
  const everySeconds = new Map(["acme", "birch"].map((id) => [id, EVERY]));
  const now = () => Date.parse(NOW);
  const { intervalsOf, evidence } = await seenMinutes([ledger], { span, everySeconds, now });
  const minutes = [...everySeconds.keys()].map((id) => [
    id,
    tallyOf(sheetOf(span, intervalsOf(id)).minutes()),
  ]);
  return { minutes, evidence };
}

describe("what was seen", () => {
  it("is the same by sealed days as by the records they follow from", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(look, { maxLength: 40 }), async (looks) => {
        const ledger = new MemoryLedger("eu-west-1");
        for (const each of looks.map(recordOf)) {
          ledger.put(keys.round(each.scheduledTime, each.shard), each);
        }
        ledger.put("rounds/2026-10-02/120000-s00.json.gz", "torn");
        const raw = await read(ledger);
        expect(raw.evidence.seals).toEqual([]);
        await sealed(ledger, "2026-10-02");
        const { minutes, evidence } = await read(ledger);
        expect(minutes).toEqual(raw.minutes);
        expect(evidence).toEqual({
          ...raw.evidence,
          unsealedDays: 0,
          seals: [expect.objectContaining({ site: "eu-west-1", day: "2026-10-04" })],
        });
      }),
      { numRuns: 60 },
    );
  });

  it("is not taken from a roll-up that was changed or taken away after its day was sealed", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    const down = recordOf({ minute: 600, id: "acme", verdict: "down" });
    ledger.put(keys.round(down.scheduledTime, "s00"), down);
    await sealed(ledger, "2026-10-02");
    const key = keys.day("2026-10-02", "s00");
    const rollUp = ledger.peek<DayRollUp>(key);
    ledger.put(key, { ...rollUp, instances: { acme: { everySeconds: 60, minutes: "1440u" } } });
    await expect(read(ledger)).rejects.toMatchObject({
      code: "EvidenceChanged",
      message: expect.stringMatching(
        /^days\/2026-10-02\/s00\.json\.gz was changed since .*sla verify$/,
      ),
    });
    ledger.remove(key);
    await expect(read(ledger)).rejects.toThrow(/is not there since its day was sealed/);
    ledger.put(key, rollUp);
    const text = ledger.text.bind(ledger);
    const torn = Object.assign(new Error("unexpected end of file"), { code: "Z_BUF_ERROR" });
    ledger.text = (asked) => (asked === key ? Promise.reject(torn) : text(asked));
    await expect(read(ledger)).rejects.toThrow(/s00\.json\.gz was changed since/);
    ledger.put(keys.daySeal("2026-10-02"), "nonsense");
    await expect(read(ledger)).rejects.toThrow(/^seals\/2026-10-02\.json is no seal any more/);
  });
});
