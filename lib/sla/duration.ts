const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof UNITS;

export const DURATION_PATTERN = /^(\d{1,9})(s|m|h|d)$/;

/** Seconds in `15s`, `5m`, `24h`, `7d`. Throws RangeError that says what is allowed. */
export function parseDuration(text: string): number {
  const [, amount, unit] = DURATION_PATTERN.exec(text.trim()) ?? [];
  if (amount === undefined) {
    throw new RangeError(
      `'${text}' is no duration: expected a number with s, m, h or d, like 15s or 24h`,
    );
  }
  return Number(amount) * UNITS[unit as Unit];
}

/** The two largest units that say it: `23m 23s`, `1d`, `1.5s`; at most a day and hours for long ones. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 60) return `${Math.round(seconds * 10) / 10}s`;
  const largestFirst = Object.entries(UNITS).toReversed();
  let rest = Math.round(seconds);
  const parts = largestFirst.flatMap(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount > 0 ? [`${amount}${unit}`] : [];
  });
  return parts.slice(0, 2).join(" ");
}
