import fc from "fast-check";
import { expect, test } from "vitest";
import { HelpdeskScene } from "./helpdesk-desk.ts";

const name = fc.constantFrom("a", "a-1", "a:1", "b");
const at = fc.option(fc.constantFrom("2026-06-02T07:00:00Z", "2026-06-02T06:30:00Z"), {
  nil: undefined,
});
const act = fc.oneof(
  fc.record({
    kind: fc.constant("open" as const),
    body: fc.record({ priority: fc.constantFrom("P1", "P2", "P9"), at }),
  }),
  fc.record({
    kind: fc.constant("reply" as const),
    body: fc.record({ id: name, kind: fc.constantFrom("person", "automatic"), at }),
  }),
  fc.record({
    kind: fc.constant("prioritise" as const),
    body: fc.record({ id: name, priority: fc.constantFrom("P1", "P3"), paging: fc.boolean(), at }),
  }),
  fc.record({
    kind: fc.constant("close" as const),
    body: fc.record({ reason: fc.constantFrom("merged", "duplicate", undefined), at }),
  }),
);

test("whatever was recorded is the same however often, and in whatever order, it is sent again", async () => {
  const law = fc.asyncProperty(
    fc.array(act, { minLength: 1, maxLength: 12 }),
    fc.infiniteStream(fc.nat()),
    async (acts, dice) => {
      const scene = new HelpdeskScene();
      const recorded: (typeof acts)[number][] = [];
      for (const each of [{ kind: "open" as const, body: {} }, ...acts]) {
        await scene.clock.wait(1);
        const { status } = await scene[each.kind](each.body);
        expect([200, 201, 400, 409]).toContain(status);
        if (status === 201 && each.kind !== "open") recorded.push(each);
      }
      const before = await scene.events();
      expect(before).toHaveLength(recorded.length + 1);
      const order = recorded.map((each) => ({ each, die: dice.next().value ?? 0 }));
      for (const { each } of order.toSorted((one, other) => one.die - other.die)) {
        await scene.clock.wait(1);
        expect((await scene[each.kind](each.body)).status).toBe(200);
      }
      expect(await scene.events()).toEqual(before);
    },
  );
  await fc.assert(law, { numRuns: 200 });
});

test("nothing that is sent as a body is an error of ours, or reaches another instance", async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({ id: name, instance: fc.string(), priority: fc.string(), subject: fc.string() }),
  );
  const law = fc.asyncProperty(body, async (sent) => {
    const scene = new HelpdeskScene();
    const { status, said } = await scene.ask("POST /tickets", sent);
    expect(status).toBe(400);
    expect(said.error).toMatchObject({ place: expect.any(String), allowed: expect.any(String) });
  });
  await fc.assert(law, { numRuns: 300 });
});
