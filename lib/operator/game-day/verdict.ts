import type { Terms } from "./hold.ts";
import type { ClientView, GameDayBegun, GameDayOutcome, GameDayRecord } from "./record.ts";
import type { Sight } from "./sight.ts";

interface Ended {
  readonly begun: GameDayBegun;
  readonly terms: Terms;
  readonly cutAt: string;
  readonly client: ClientView;
  readonly outcome: GameDayOutcome;
  readonly because?: string;
  readonly sight: Sight;
  readonly at: Date;
}

/** What a game day came to. It is kept only if clients were served again, within what was sold, and the loss is bounded. */
export function recordOf({ begun, terms, cutAt, client, sight, at, ...end }: Ended): GameDayRecord {
  const { plan, paced } = terms;
  const { rtoSeconds: soldRto, rpoSeconds: soldRpo } = plan.serverLoss ?? plan.siteLoss ?? {};
  const { goodAgainAt } = client;
  const rtoSeconds =
    goodAgainAt === undefined ? undefined : (Date.parse(goodAgainAt) - Date.parse(cutAt)) / 1000;
  const lost = sight.done?.measured.rpoSeconds;
  const isWithin = (measured: number | undefined, sold: number | undefined) =>
    sold === undefined || (measured !== undefined && measured * 1000 < paced(sold));
  const isRecovered = end.outcome === "recovered" && rtoSeconds !== undefined;
  return {
    ...begun,
    ...end,
    endedAt: at.toISOString(),
    ok: isRecovered && isWithin(rtoSeconds, soldRto) && isWithin(lost, soldRpo),
    ...{ cutAt, client },
    ...(rtoSeconds !== undefined && { rtoSeconds }),
    ...(sight.done && { failover: sight.done.folder, measured: sight.done.measured }),
    promised: {
      ...(soldRto !== undefined && { rtoSeconds: soldRto }),
      ...(soldRpo !== undefined && { rpoSeconds: soldRpo }),
    },
    pace: 1000 / paced(1),
  };
}
