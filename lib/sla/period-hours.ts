import type { Period } from "./plan.ts";

const HOURS = { h: 1, d: 24, w: 168, mo: 730 } as const;

/** Hours of a period, of which a month has some 730 and no day has 23. */
export const hoursOf = (period: Period): number =>
  Number.parseInt(period, 10) * HOURS[period.replace(/\d+/, "") as keyof typeof HOURS];
