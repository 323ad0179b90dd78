import { NOT_YET } from "../failover/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Ended } from "./case.ts";
import { TEST_PREFIX, TEST_TAGS } from "./contract.ts";
import { reapAll } from "./reap-all.ts";
import type { DiscardWorld } from "./world.ts";

/** Ends when nothing is left: a database that nobody looks at any more costs as much as one in service. */
export async function discard({ discards }: DiscardWorld, ended: Ended): Promise<Ended> {
  const { database, name } = ended;
  if (database === undefined) return ended;
  const there = await discards.describe(database);
  if (!there || there.tags[TEST_TAGS.test] !== name) return ended;
  if (there.status !== "deleting") await discards.remove(database);
  throw new SlaError(NOT_YET, "cloud", `${database} is ${there.status}`);
}

/** What a crash has left: ours by name and by tag, and older than any test. Answers their names. */
export async function reap({ discards, clock }: DiscardWorld): Promise<readonly string[]> {
  const nowMs = clock.now().getTime();
  const orphans = (await discards.list(TEST_PREFIX)).filter(({ tags, status }) => {
    const untilMs = Date.parse(tags[TEST_TAGS.until] ?? "");
    return tags[TEST_TAGS.test] !== undefined && untilMs < nowMs && status !== "deleting";
  });
  return reapAll(
    orphans.map(({ database }) => database),
    discards.remove,
  );
}
