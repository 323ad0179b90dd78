import type { StopChecks } from "./ports.ts";

/** PRIMARY goes without a check: then it always answers, and the API alone moves clients. */
export const noStopChecks: StopChecks = { checkFor: async () => undefined };
