import type { Day } from "./days.ts";
import type { View } from "./view.ts";
import { roundedUp } from "./words.ts";

/** What a page shows, for machines: instants ISO 8601, minutes with one decimal place, rounded up. */
export function statusJson(view: View): string {
  const { provider, at, everySeconds, timezone, rows, maintenance, silent } = view;
  const common = { provider, at, everySeconds, timezone, silent, maintenance };
  const shown = rows.map(({ days, ...row }) => ({ ...row, days: days.map(minutesOf) }));
  return `${JSON.stringify({ ...common, rows: shown })}\n`;
}

/** What was neither is no less for that, and no more than there is. */
function minutesOf({ date, spanMs, downMs, unseenMs }: Day) {
  const [span, down, unseen] = [tenths(spanMs), tenths(downMs), tenths(unseenMs)];
  return {
    date,
    minutes: span / 10,
    down: down / 10,
    unseen: Math.min(unseen, span - down) / 10,
  };
}

const tenths = (ms: number) => roundedUp(ms, 6000);
