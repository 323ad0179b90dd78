import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readClaims } from "../../../lib/books/month-claims.ts";
import { countedMonth } from "../../../lib/books/month-counts.ts";
import { copiesIn } from "../../../lib/operator/ledger-directory.ts";
import type { AnnotationRecord } from "../../../lib/sla/books/annotation.ts";
import type { WindowRecord } from "../../../lib/sla/books/window.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const INSTANCES = [instance("acme"), instance("birch")];
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");
const at = (minute: number) => new Date(BEGINNING + minute * 60_000).toISOString();
const INCIDENT = { instance: "acme", incident: "20260302100400000" };
const HAPPENED = { ...INCIDENT, firstBadAt: at(4), firstGoodAt: at(9), closedAt: at(10) };

const WINDOW: WindowRecord = {
  ...{ window: "m1", kind: "planned", scope: "instance acme", instances: ["acme"] },
  ...{ fromAt: at(2), toAt: at(6), reason: "new disks", by: "arn:ops" },
  announcedAt: "2026-02-01T00:00:00.000Z",
};

const annotation = (cause: string, day: number) => {
  const said = `2026-03-1${day}T00:00:00.000Z`;
  const record = {
    ...{ ...INCIDENT, cause: cause as AnnotationRecord["cause"] },
    ...{ reason: "their module", by: "arn:ops", at: said },
  };
  const key = `annotations/acme/${INCIDENT.incident}/${said.replaceAll(/\D/g, "")}.json`;
  return [key, record] as const;
};

describe("claims", () => {
  it("come to the same in whatever order, and in however many ledgers they lie", async () => {
    const causes = fc.constantFrom("customer-code", "force-majeure", "none", "bad luck");
    const said = fc.array(fc.tuple(causes, fc.integer({ min: 0, max: 9 })), { maxLength: 6 });
    const told = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });
    const seats = fc.array(fc.constantFrom(0, 1, 2), { minLength: 12, maxLength: 12 });
    const records = fc
      .tuple(said, told)
      .map(([annotations, windows]) => [
        ...new Map<string, unknown>([
          ...annotations.map(([cause, day]) => annotation(cause, day)),
          ...windows.map(
            (minute) =>
              [
                `maintenance/w${minute}.json`,
                { ...WINDOW, window: `w${minute}`, fromAt: at(minute), toAt: at(minute + 3) },
              ] as const,
          ),
        ]),
      ]);
    const counted = async (rows: readonly (readonly [string, unknown])[], seat: number[]) => {
      const ledgers = [0, 1, 2].map((index) => new MemoryLedger(`site-${index}`));
      ledgers[1]?.put(`incidents/acme/${INCIDENT.incident}.json`, HAPPENED);
      rows.forEach(([key, value], index) => {
        ledgers[seat[index] ?? 0]?.put(key, value);
        ledgers[2]?.put(key, value);
      });
      const span = { fromMs: BEGINNING, toMs: BEGINNING + 20 * 60_000 };
      const seen = [{ state: "down" as const, ...span }];
      const claims = await readClaims(ledgers, INSTANCES);
      return countedMonth(seen, claims, { instance: "acme", plan: cloudpepperHigh as Plan, span });
    };
    await fc.assert(
      fc.asyncProperty(records, seats, seats, async (rows, one, other) => {
        expect(await counted(rows.toReversed(), other)).toEqual(await counted(rows, one));
      }),
      { numRuns: 50 },
    );
  });

  it("stop a report where a ledger does not answer", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    ledger.reachable = false;
    const reading = readClaims([ledger], INSTANCES);
    await expect(reading).rejects.toMatchObject({ code: "CloudUnreachable" });
  });

  it("are found in a copy of a ledger, which keeps when it was written", async () => {
    const directory = mkdtempSync(join(tmpdir(), "claims-"));
    afterAll(() => rmSync(directory, { recursive: true }));
    const put = (key: string, value: unknown, written: string) => {
      const path = join(directory, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(value));
      utimesSync(path, new Date(written), new Date(written));
    };
    mkdirSync(join(directory, "rounds"));
    put("maintenance/m1.json", WINDOW, at(-10));
    put(...annotation("customer-code", 0), at(0));
    const { windows, annotated } = await readClaims(
      copiesIn(directory).ledgers.map(({ shelf }) => shelf),
      INSTANCES,
    );
    expect(windows).toMatchObject([{ announcedMs: Date.parse(at(-10)) }]);
    expect(annotated.get("acme")).toMatchObject([{ cause: "customer-code" }]);
  });
});
