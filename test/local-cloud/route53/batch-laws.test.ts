import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyBatch, type Effect } from "../../../lib/local-cloud/route53/change-batch.ts";
import { conflicts } from "../../../lib/local-cloud/route53/conflicts.ts";
import type { RecordBook } from "../../../lib/local-cloud/route53/record-book.ts";
import { choose } from "../../../lib/local-cloud/route53/routing.ts";

const ZONE = "example.ch.";
const apex: ResourceRecordSet[] = [
  { Name: ZONE, Type: "NS", TTL: 60, ResourceRecords: [{ Value: "ns.example.org." }] },
  { Name: ZONE, Type: "SOA", TTL: 60, ResourceRecords: [{ Value: "a. b. 1 1 1 1 1" }] },
];

const anySet: fc.Arbitrary<ResourceRecordSet> = fc
  .record({
    name: fc.constantFrom("a", "b"),
    type: fc.constantFrom("A" as const, "CNAME" as const),
    role: fc.constantFrom(undefined, "PRIMARY" as const, "SECONDARY" as const),
    value: fc.constantFrom("127.0.0.1", "127.0.0.2"),
  })
  .map(({ name, type, role, value }) => ({
    Name: `${name}.${ZONE}`,
    Type: type,
    TTL: 60,
    ResourceRecords: [{ Value: value }],
    ...(role && { Failover: role, SetIdentifier: role }),
  }));
const anyChange: fc.Arbitrary<Change> = fc.record({
  Action: fc.constantFrom("CREATE" as const, "UPSERT" as const, "DELETE" as const),
  ResourceRecordSet: anySet,
});
const anyBatches = fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

const contents = (book: RecordBook) => JSON.stringify([...book]);

/** The book after the batch; fails the law where a refusal or a success is not as it has to be. */
function stepped(book: RecordBook, batch: readonly Change[]): RecordBook {
  const before = contents(book);
  const outcome = applyBatch(book, batch, ZONE);
  expect(contents(book)).toBe(before);
  if (outcome.kind === "refused") {
    expect(outcome.problems.length).toBeGreaterThan(0);
    return book;
  }
  expect(outcome.effects).toHaveLength(batch.length);
  for (const [name, sets] of outcome.book) expect(conflicts(name, sets, ZONE)).toEqual([]);
  return outcome.book;
}

const opposite = ({ before, after }: Effect): Change[] =>
  before
    ? [{ Action: "UPSERT", ResourceRecordSet: before }]
    : after
      ? [{ Action: "DELETE", ResourceRecordSet: after }]
      : [];

describe("a change batch", () => {
  it("is applied as a whole or not at all, and never leaves a conflict behind", () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        batches.reduce<RecordBook>(stepped, new Map([[ZONE, apex]]));
      }),
    );
  });

  it("is undone by the opposite of its effects, last first", () => {
    const anyBatch = fc.uniqueArray(anySet, {
      minLength: 1,
      maxLength: 3,
      selector: ({ Name, Type, SetIdentifier }) => [Name, Type, SetIdentifier].join(),
    });
    fc.assert(
      fc.property(anyBatch, (sets) => {
        const book: RecordBook = new Map([[ZONE, apex]]);
        const batch = sets.map((set): Change => ({ Action: "UPSERT", ResourceRecordSet: set }));
        const outcome = applyBatch(book, batch, ZONE);
        fc.pre(outcome.kind === "applied");
        const undone = applyBatch(
          outcome.book,
          outcome.effects.toReversed().flatMap(opposite),
          ZONE,
        );
        expect(undone.kind === "applied" && contents(undone.book)).toBe(contents(book));
      }),
    );
  });
});

describe("failover routing", () => {
  const set = (Failover: "PRIMARY" | "SECONDARY"): ResourceRecordSet => ({
    Name: "a.",
    Type: "A",
    Failover,
    SetIdentifier: Failover,
    HealthCheckId: Failover,
  });

  it.each([
    ["both healthy", ["PRIMARY", "SECONDARY"], "PRIMARY"],
    ["primary unhealthy", ["SECONDARY"], "SECONDARY"],
    ["secondary unhealthy", ["PRIMARY"], "PRIMARY"],
    ["both unhealthy", [], "PRIMARY"],
  ])("with %s (%s) answers the %s", (_, healthy, answering) => {
    const chosen = choose([set("SECONDARY"), set("PRIMARY")], (id) => healthy.includes(id));
    expect(chosen?.Failover).toBe(answering);
  });

  it("counts a record without a health check as healthy", () => {
    const { HealthCheckId: _, ...unchecked } = set("PRIMARY");
    expect(choose([unchecked, set("SECONDARY")], () => false)).toBe(unchecked);
  });
});
