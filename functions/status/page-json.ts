import type { Day } from "./days.ts";
import type { View } from "./view.ts";

/** What a page shows, for machines: instants ISO 8601, minutes with one decimal place. */
export function statusJson(view: View): string {
  const { provider, at, everySeconds, timezone, rows, maintenance, silent } = view;
  const common = { provider, at, everySeconds, timezone, silent, maintenance };
  const shown = rows.map(({ days, ...row }) => ({ ...row, days: days.map(minutesOf) }));
  return `${JSON.stringify({ ...common, rows: shown })}\n`;
}

const minutesOf = ({ date, spanMs, downMs, unseenMs }: Day) => ({
  date,
  minutes: minutes(spanMs),
  down: minutes(downMs),
  unseen: minutes(unseenMs),
});

const minutes = (ms: number) => Math.round(ms / 6000) / 10;
