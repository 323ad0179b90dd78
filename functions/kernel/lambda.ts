import middy from "@middy/core";
import { SlaError } from "./errors.ts";

/** The one middleware stack. Logs a failure as a single line, then lets the caller see it. */
export const lambda = <Event, Result>(run: (event: Event) => Promise<Result>) =>
  middy<Event, Result>()
    .use({
      onError({ error }) {
        const { code, blame } =
          error instanceof SlaError ? error : { code: error?.name ?? "Bug", blame: "bug" };
        console.error(JSON.stringify({ level: "error", code, blame, message: error?.message }));
      },
    })
    .handler(run);
