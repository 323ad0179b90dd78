import type { Clock } from "../../functions/kernel/clock.ts";
import type { Execution, Machines } from "./machine.ts";
import { type StepLine, stepLines } from "./step-lines.ts";

/** Plan seconds between two looks. */
const LOOK_SECONDS = 3;
const LOOK_FLOOR_MS = 250;
/** Looks in a row that may fail: a region that stumbles is asked again. */
const PATIENCE = 10;

interface Following {
  readonly machines: Machines;
  readonly clock: Clock;
}

/** Tells each step as it happens; resolves when the execution has ended. Rejects if it cannot be seen. */
export async function follow(
  { machines, clock }: Following,
  execution: string,
  tell: (line: StepLine) => void,
): Promise<Execution> {
  let told = 0;
  const look = async () => {
    // Described first: what it did last is in the history that is read afterwards.
    const found = await machines.describe(execution);
    const fresh = stepLines(await machines.history(execution)).filter(({ id }) => id > told);
    for (const line of fresh) tell(line);
    told = fresh.at(-1)?.id ?? told;
    return found;
  };
  for (let failures = 0; ; ) {
    const found = await look().catch((cause: unknown) => {
      failures += 1;
      if (failures >= PATIENCE) throw cause;
      return undefined;
    });
    if (found && !found.isRunning) return found;
    if (found) failures = 0;
    await clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
  }
}
