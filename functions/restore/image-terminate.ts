import { NOT_YET } from "../failover/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { nameOfTest, TEST_TAGS } from "./contract.ts";
import type { EndedImage } from "./image-case.ts";
import type { Started } from "./image-ports.ts";
import type { TerminateWorld } from "./image-world.ts";
import { reapAll } from "./reap-all.ts";

/** Ends when nothing is left, also of a launch whose answer nobody has heard. */
export async function terminate(
  { machines }: TerminateWorld,
  ended: EndedImage,
): Promise<EndedImage> {
  const test = nameOfTest(ended.execution);
  const left = (await machines.list()).filter(({ tags, state }) => {
    return tags[TEST_TAGS.test] === test && state !== "terminated";
  });
  const [first] = left;
  if (!first) return ended;
  for (const each of left) if (isThere(each)) await machines.terminate(each.machine);
  throw new SlaError(NOT_YET, "cloud", `${first.machine} is ${first.state}`);
}

/** What a crash has left: ours by its tags, and older than any test. Answers their ids. */
export async function reapMachines({
  machines,
  clock,
}: TerminateWorld): Promise<readonly string[]> {
  const nowMs = clock.now().getTime();
  const orphans = (await machines.list()).filter((each) => {
    const untilMs = Date.parse(each.tags[TEST_TAGS.until] ?? "");
    return each.tags[TEST_TAGS.test] !== undefined && untilMs < nowMs && isThere(each);
  });
  return reapAll(
    orphans.map(({ machine }) => machine),
    machines.terminate,
  );
}

const isThere = ({ state }: Started) => state !== "terminated" && state !== "shutting-down";
