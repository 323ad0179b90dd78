import { expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { ShardState } from "../../../functions/watch/shard-state.ts";
import { ShardStore } from "../../../functions/watch/shard-store.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const SITE = "eu-central-1";
const held = (ledger: MemoryLedger) => ledger.peek<ShardState>(keys.shard("s00"));
const slot = (lastSlot: string) => (state: ShardState) => ({ ...state, lastSlot });
const owner = (region: string) => (state: ShardState) => ({
  ...state,
  owners: { ...state.owners, [region]: "2026-11-22T10:00:00.000Z" },
});

it("what is deferred is known at once, and written with the next change or at the end", async () => {
  const ledger = new MemoryLedger(SITE);
  const store = new ShardStore(ledger, "s00", SITE);
  await store.update(slot("one"));
  await store.defer(slot("two"));
  expect((await store.latest()).lastSlot).toBe("two");
  expect(held(ledger)?.lastSlot).toBe("one");
  await store.update(owner("a"));
  expect(held(ledger)).toMatchObject({ lastSlot: "two", owners: { a: expect.anything() } });
  await store.defer(slot("three"));
  expect((await store.flush())?.lastSlot).toBe("three");
  expect(held(ledger)?.lastSlot).toBe("three");
  expect(await store.flush()).toBeUndefined();
});

it("what another process wrote meanwhile stays, and what was deferred is applied to it", async () => {
  const ledger = new MemoryLedger(SITE);
  const [ours, theirs] = [1, 2].map(() => new ShardStore(ledger, "s00", SITE));
  await ours?.update(slot("one"));
  await ours?.defer(slot("two"));
  await theirs?.update(owner("b"));
  await ours?.flush();
  expect(held(ledger)).toMatchObject({ lastSlot: "two", owners: { b: expect.anything() } });
});
