import { setTimeout as pause } from "node:timers/promises";
import { claimAddresses } from "../../lib/local-cloud/addresses.ts";
import { startGuard } from "../../lib/local-cloud/guard.ts";
import { startCluster } from "./cluster.ts";
import { findPatroni } from "./installation.ts";
import type { PatroniNode } from "./node.ts";
import type { PatroniSettings } from "./settings.ts";
import { firstWriteOn, TABLE } from "./writer.ts";

export interface PatroniRuns {
  readonly runs: number;
  readonly settings: PatroniSettings;
}

/**
 * Seconds from SIGKILL of the leader's Patroni and PostgreSQL to the first write accepted elsewhere, of
 * each run; undefined where Patroni is not installed. Leaves no process and no file behind.
 */
export async function measurePatroni({
  runs,
  settings,
}: PatroniRuns): Promise<number[] | undefined> {
  const installation = await findPatroni();
  if (!installation) return undefined;
  const guard = await startGuard();
  const addresses = await claimAddresses();
  try {
    const cluster = await startCluster({ installation, settings, guard, addresses });
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { leader, standby } = await cluster.whole();
      // Spread over Patroni's loop: where in it the leader dies decides up to one loop of the result.
      const phase = 1 + (run + 0.5) / runs;
      await pause(phase * settings.loopWaitSeconds * 1000);
      seconds.push(await failover(leader, standby, settings));
      if (run + 1 < runs) await leader.start();
    }
    return seconds;
  } finally {
    await guard.close();
    await addresses.release();
  }
}

async function failover(leader: PatroniNode, standby: PatroniNode, settings: PatroniSettings) {
  await leader.query(TABLE);
  const patienceMs = (settings.ttlSeconds * 4 + 30) * 1000;
  const killedAt = performance.now();
  const [writtenAt] = await Promise.all([
    firstWriteOn(standby, [leader, standby], patienceMs),
    leader.kill(),
  ]);
  return (writtenAt - killedAt) / 1000;
}
