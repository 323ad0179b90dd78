import middy from "@middy/core";
import { SlaError } from "./errors.ts";

/** Of what Lambda says beside the event, what is listened to. */
export interface Context {
  getRemainingTimeInMillis(): number;
}

/**
 * The one middleware stack. Logs a failure as a single line, then lets the caller see it. It is Lambda that ends a function whose time
 * runs out: an answer given just before would leave the work half done, to go on in the next invocation.
 */
export const lambda = <Event, Result>(run: (event: Event, context: Context) => Promise<Result>) =>
  middy<Event, Result>({ timeoutEarlyInMillis: 0 })
    .use({
      onError({ error }) {
        const { code, blame } =
          error instanceof SlaError ? error : { code: error?.name ?? "Bug", blame: "bug" };
        console.error(JSON.stringify({ level: "error", code, blame, message: error?.message }));
      },
    })
    .handler(run);
