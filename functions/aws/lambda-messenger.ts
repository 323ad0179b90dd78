import type { Clock } from "../kernel/clock.ts";
import { NOTIFY_FUNCTION, packed } from "../notify/contract.ts";
import type { Messenger } from "../watch/ports.ts";
import { lambdaEvents } from "./lambda-call.ts";

/** Notices go to `notify` of the same region, or of the one that is named, which sends them when it can. */
export function lambdaMessenger(clock: Clock, region?: string): Messenger {
  const hand = lambdaEvents(clock, region);
  return { notify: (request) => hand(NOTIFY_FUNCTION, packed(request)) };
}
