import { parseArgs } from "node:util";
import { wholeNumberWithin } from "../lib/drill/options.ts";
import { findPatroni, NOT_INSTALLED } from "./patroni/installation.ts";
import { measurePatroni } from "./patroni/measure.ts";
import { DEFAULTS, SMALLEST } from "./patroni/settings.ts";
import { amount, main, median, title, worst } from "./print.ts";

// A peer, not a claim: there is no limit it could break.
await main(async () => {
  const { values: options } = parseArgs({
    options: {
      runs: { type: "string", default: "3" },
      defaults: { type: "boolean", default: false },
    },
  });
  const runs = wholeNumberWithin("--runs", 1, 100)(options.runs);
  const settings = options.defaults ? DEFAULTS : SMALLEST;
  const installation = await findPatroni();
  const seconds = await measurePatroni({ runs, settings });
  if (!installation || !seconds) {
    console.log(NOT_INSTALLED);
    return true;
  }
  const { ttlSeconds, loopWaitSeconds, retryTimeoutSeconds } = settings;
  title(`${installation.version}: SIGKILL of leader and database to first write elsewhere`);
  console.log(
    `ttl ${ttlSeconds} s, loop_wait ${loopWaitSeconds} s, retry_timeout ${retryTimeoutSeconds} s`,
  );
  console.log(`runs    ${seconds.map((each) => amount(each, "s")).join(", ")}`);
  console.log(`median  ${amount(median(seconds), "s")}, worst ${amount(worst(seconds), "s")}`);
  return true;
});
