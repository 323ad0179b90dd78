import type { Clock } from "../kernel/clock.ts";
import type { Notice, NotifyRequest } from "./contract.ts";
import type { UnsentNotices } from "./unsent.ts";

/** Plan seconds before it is handed over again: a throttle is over by then, and no step waits long for a mail. */
const AGAIN_AFTER_SECONDS = [1, 2] as const;

interface Means {
  /** Rejects if the request was not accepted. */
  hand(request: NotifyRequest): Promise<void>;
  readonly unsent: Pick<UnsentNotices, "keep">;
  readonly clock: Pick<Clock, "wait">;
}

/**
 * No recovery stops for a mail that cannot leave, and none is lost: what cannot be handed over is kept in the ledger, from
 * where whoever pays debts hands it over once a minute. Never rejects; where the ledger does not answer either, the
 * log says which mail is lost.
 */
export function surely({ hand, unsent, clock }: Means): { notify(notice: Notice): Promise<void> } {
  const handed = async (notice: Notice): Promise<unknown> => {
    const request = { notices: [notice] };
    for (const seconds of [...AGAIN_AFTER_SECONDS, undefined]) {
      const cause = await hand(request).then(
        () => undefined,
        (failure: unknown) => failure ?? "no reason given",
      );
      if (cause === undefined || !isThrottle(cause) || seconds === undefined) return cause;
      await clock.wait(seconds);
    }
    return undefined;
  };
  return {
    async notify(notice) {
      const cause = await handed(notice);
      if (cause === undefined) return;
      try {
        await unsent.keep(notice);
        log("warning", "MailKept", notice, cause);
      } catch (ledger) {
        log("error", "MailLost", notice, `${cause}; ${ledger}`);
      }
    },
  };
}

const isThrottle = (cause: unknown) => cause instanceof Error && cause.name === "CloudThrottled";

const log = (level: "warning" | "error", code: string, { kind }: Notice, cause: unknown) =>
  console.error(JSON.stringify({ level, code, kind, message: String(cause) }));
