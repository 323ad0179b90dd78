import { logTags } from "../../lib/sla/backups/log-book.ts";
import type { LogAction } from "../../lib/sla/backups/ship-logs.ts";
import type { ShipRequest } from "../ship/contract.ts";

type Of<Kind extends LogAction["kind"]> = Extract<LogAction, { readonly kind: Kind }>;

export const shipRequestOf = (
  starts: readonly Of<"ship-logs">[],
  stops: readonly Of<"stop-logs">[],
): ShipRequest => ({
  starts: starts.map(({ source, days, instance }) => ({ source, days, tags: logTags(instance) })),
  stops: stops.map(({ source }) => ({ source })),
});
