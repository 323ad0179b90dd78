/** `2026-01-05 04:00` */
export function localTime(timeZone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  });
  return (instant) => format.format(new Date(instant));
}
