import type { InstanceMonth } from "../../../lib/books/month-report.ts";
import type { Window } from "../../../lib/sla/books/window.ts";

const PATCHES: Window = {
  record: {
    ...{ window: "m20261012-2100-aaaa", kind: "planned", scope: "fleet", instances: ["acme"] },
    ...{ fromAt: "2026-10-12T21:00:00.000Z", toAt: "2026-10-12T22:30:00.000Z", by: "arn:x" },
    ...{ reason: "Security patches <b>", announcedAt: "2026-10-10T08:00:00.000Z" },
  },
  ...{ fromMs: Date.parse("2026-10-12T21:00Z"), toMs: Date.parse("2026-10-12T22:30Z") },
  announcedMs: Date.parse("2026-10-10T08:00Z"),
};
const MODULE = {
  cause: "customer-code",
  ...{ instance: "acme", incident: "20261020100000000" },
  ...{ reason: "stock_forecast loops", by: "arn:x", at: "2026-10-21T08:00:00.000Z" },
  span: { fromMs: Date.parse("2026-10-20T10:00Z"), toMs: Date.parse("2026-10-20T10:10Z") },
} as const;
/** What somebody said of October does not count. */
export const CLAIMS: Pick<InstanceMonth, "windows" | "annotations"> = {
  windows: [{ window: PATCHES, verdict: { counts: true, span: PATCHES } }],
  annotations: [
    { annotation: MODULE, verdict: { counts: true, span: MODULE.span } },
    {
      annotation: {
        ...MODULE,
        incident: "20261025003000000",
        span: { fromMs: MODULE.span.fromMs },
      },
      verdict: { counts: false, because: "still-open" },
    },
  ],
};
