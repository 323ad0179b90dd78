import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import type { Fence } from "./ports.ts";
import type { DebtWorld } from "./world.ts";

/** Plan seconds. Longer than a reboot takes; sessions that outlive one get another. */
const BETWEEN_REBOOTS_SECONDS = 900;

/**
 * The fence of a payer: several sites pay at once, every minute, and each would reboot. Whoever notes it first
 * does it; to the others, the database is in a state that refuses.
 */
export function rebootedOnce(world: DebtWorld, debt: FenceDebt): Fence {
  const { fence, clock } = world;
  return {
    admitOnly: (seat, groups) => fence.admitOnly(seat, groups),
    async reboot(seat) {
      const now = clock.now();
      const recently = now.getTime() - clock.paced(BETWEEN_REBOOTS_SECONDS);
      const ours = await amend(world, debt, (known) =>
        known.rebootedAt !== undefined && Date.parse(known.rebootedAt) > recently
          ? undefined
          : { ...known, rebootedAt: now.toISOString() },
      );
      if (!ours) return "wrong-state";
      const forget = () => amend(world, debt, ({ rebootedAt: _refused, ...known }) => known);
      try {
        const answer = await fence.reboot(seat);
        if (answer === "wrong-state") await forget();
        return answer;
      } catch (cause) {
        // Twice is better than sessions that go on for a quarter of an hour.
        await forget();
        throw cause;
      }
    },
  };
}
