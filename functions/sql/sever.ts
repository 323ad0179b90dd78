import type { Clock } from "../kernel/clock.ts";
import type { Severed } from "./contract.ts";

const LOOKS = 10;
/**
 * Plan seconds between two looks that find nobody: before PostgreSQL 18 a client in the middle of its handshake is
 * not listed yet. A handshake is not paced, hence the floor.
 */
const HANDSHAKE_SECONDS = 1;
const HANDSHAKE_FLOOR_MS = 250;

/** A session of a client that was listed. */
interface Listed {
  readonly id: number;
  readonly ended: boolean;
}

/**
 * Ends the sessions of clients until two looks in a row find none, or for some five seconds of plan time.
 *
 * @param endAll ends all there are, and says which
 */
export async function severed(
  clock: Clock,
  endAll: () => Promise<readonly Listed[]>,
): Promise<Severed> {
  const ended = new Set<number>();
  const listed = async () => {
    const clients = await endAll();
    for (const client of clients) if (client.ended) ended.add(client.id);
    return clients.length;
  };
  for (let look = 1; ; look += 1) {
    let left = await listed();
    if (left === 0) {
      await clock.wait(HANDSHAKE_SECONDS, HANDSHAKE_FLOOR_MS);
      left = await listed();
    }
    if (left === 0 || look === LOOKS) return { ended: ended.size, left };
    await clock.wait(0.5, 20);
  }
}
