import { describe, expect, it } from "vitest";
import { rotate } from "../../../functions/snapshot/rotate.ts";
import { type Listed, TAGS, tagsOf } from "../../../lib/sla/backups/catalogue.ts";

const ID = "sla-acme-20261121t030000z";
const TICK = Date.parse("2026-11-21T03:00:00Z");
const OURS = tagsOf({ instance: "acme", schedules: ["daily"], tickMs: TICK });

async function asked(found: Partial<Listed> | undefined, state: "available" | "failed") {
  const removed: string[] = [];
  const listed: Listed = {
    ...{ id: ID, region: "eu-west-1", status: "available", isCopy: false, tags: OURS },
    ...found,
  };
  const { outcomes } = await rotate(
    { deletions: [{ id: ID, instance: "acme", state }] },
    {
      look: async () => (found ? listed : undefined),
      remove: async (id) => {
        removed.push(id);
        return { id, answer: "accepted" };
      },
    },
  );
  return { ...outcomes[0], removed };
}

describe("a deletion", () => {
  it.each([
    ["is as it was seen", {}, "available", "accepted"],
    ["failed, and still is", { status: "failed" }, "failed", "accepted"],
    ["is gone", undefined, "available", "already"],
    ["is going", { status: "deleting" }, "available", "already"],
    ["has no tags any more", { tags: {} }, "available", "refused"],
    ["is another's by now", { tags: { ...OURS, [TAGS.instance]: "oak" } }, "available", "refused"],
    ["somebody holds by now", { tags: { ...OURS, [TAGS.hold]: "" } }, "available", "refused"],
    ["had failed, and is made anew", { status: "creating" }, "failed", "later"],
    ["had failed, and is there after all", {}, "failed", "later"],
  ] as const)("of what %s", async (_what, found, state, answer) => {
    const outcome = await asked(found, state);
    expect(outcome.answer).toBe(answer);
    expect(outcome.removed).toEqual(answer === "accepted" ? [ID] : []);
  });

  it("that RDS does not answer leaves the others alone", async () => {
    const { outcomes } = await rotate(
      {
        deletions: [
          { id: "sla-a-20261121t030000z", instance: "a", state: "available" },
          { id: ID, instance: "acme", state: "available" },
        ],
      },
      {
        look: async (id) => {
          if (id !== ID) throw new Error("no answer");
          return { id, region: "eu-west-1", status: "available", isCopy: false, tags: OURS };
        },
        remove: async (id) => ({ id, answer: "accepted" }),
      },
    );
    expect(outcomes.map(({ answer, said }) => [answer, said])).toEqual([
      ["later", "Error: no answer"],
      ["accepted", undefined],
    ]);
  });
});
