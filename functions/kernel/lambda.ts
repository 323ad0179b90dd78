import middy from "@middy/core";
import { SlaError } from "./errors.ts";

/** Of what Lambda says beside the event, what is listened to. */
export interface Context {
  getRemainingTimeInMillis(): number;
}

/** Name of the error of a function whose time ran out; state machines repeat it. */
export const OUT_OF_TIME = "OutOfTime";

/** The one middleware stack. Logs a failure as a single line, then lets the caller see it. */
export const lambda = <Event, Result>(run: (event: Event, context: Context) => Promise<Result>) =>
  middy<Event, Result>({
    // Just before Lambda itself ends it, which would leave no line in the log.
    timeoutEarlyResponse() {
      throw new SlaError(
        OUT_OF_TIME,
        "cloud",
        "the function's time ran out while it waited for an answer",
      );
    },
  })
    .use({
      onError({ error }) {
        const { code, blame } =
          error instanceof SlaError ? error : { code: error?.name ?? "Bug", blame: "bug" };
        console.error(JSON.stringify({ level: "error", code, blame, message: error?.message }));
      },
    })
    .handler(run);
