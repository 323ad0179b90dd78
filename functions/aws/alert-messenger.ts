import type { Messenger } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { surely } from "../notify/surely.ts";
import { UnsentNotices } from "../notify/unsent.ts";
import { lambdaMessenger } from "./lambda-messenger.ts";

/** No recovery waits long for a mail or stops for one that cannot leave: this site's ledger keeps it. */
export function alertMessenger(clock: Clock, ledger: Ledger): Messenger {
  const { notify } = lambdaMessenger(clock);
  return surely({ hand: notify, unsent: new UnsentNotices(ledger, clock), clock });
}
