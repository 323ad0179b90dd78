import type { Messenger } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { lambdaMessenger } from "./lambda-messenger.ts";

/** No recovery waits for a mail or stops for one that cannot leave; the log says which. */
export function alertMessenger(clock: Clock): Messenger {
  const messenger = lambdaMessenger(clock);
  return {
    async notify(notice) {
      try {
        await messenger.notify({ notices: [notice] });
      } catch (cause) {
        const lost = {
          level: "error",
          code: "MailLost",
          kind: notice.kind,
          message: String(cause),
        };
        console.error(JSON.stringify(lost));
      }
    },
  };
}
