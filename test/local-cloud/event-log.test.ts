import fc from "fast-check";
import { expect, it } from "vitest";
import { EventLog } from "../../lib/local-cloud/event-log.ts";

const OPERATIONS = ["Invoked", "StatusChanged", "EmailDelivered"];

it("law: the events of an operation are those of all events that are of it, in their order", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...OPERATIONS)), (operations) => {
      const log = new EventLog();
      for (const [place, operation] of operations.entries()) {
        log.record({ region: "eu-central-1", service: "any", operation, detail: { place } });
      }
      for (const wanted of [...OPERATIONS, "Never"]) {
        const among = log.all().filter(({ operation }) => operation === wanted);
        expect(log.of(wanted)).toEqual(among);
      }
    }),
  );
});

it("whoever asked before hears of what came after", () => {
  const log = new EventLog();
  const event = { region: "eu-central-1", service: "rds", operation: "StatusChanged", detail: {} };
  expect(log.of("StatusChanged")).toEqual([]);
  log.record(event);
  expect(log.of("StatusChanged")).toMatchObject([event]);
  log.record(event);
  expect(log.of("StatusChanged")).toHaveLength(2);
});
