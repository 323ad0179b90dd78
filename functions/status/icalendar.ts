import { titleOf } from "./page.ts";
import { type Planned, revisedAt } from "./planned.ts";
import type { View } from "./view.ts";

/**
 * RFC 5545: windows of maintenance for anybody's calendar. One that was cancelled stays as such, so that calendars take it out; one of a
 * year that the format cannot write is left out.
 */
export function iCalendar(view: View, address: string): string {
  const { hostname } = new URL(address);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//hosting-sla//status//EN",
    "METHOD:PUBLISH",
    `X-WR-CALNAME:${escaped(`${titleOf(view)}, maintenance`)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ...view.maintenance.filter(isWritable).flatMap((each) => event(each, hostname)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** https://www.rfc-editor.org/rfc/rfc5545#section-3.3.4: four digits of a year. */
const isWritable = (planned: Planned): boolean =>
  [planned.from, planned.to, revisedAt(planned)].every((at) => /^\d{4}-/.test(at)) &&
  planned.to <= LAST_END;

/** Beyond it the next whole second has five. */
const LAST_END = "9999-12-31T23:59:59.000Z";

const event = (planned: Planned, hostname: string): readonly string[] => {
  const { id, kind, from, to, reason, whom, announced, cancelled } = planned;
  const revised = revisedAt(planned);
  const what = kind === "planned" ? "Maintenance" : "Emergency maintenance";
  const name = whom.length === 0 ? what : `${what}: ${whom.join(", ")}`;
  return [
    "BEGIN:VEVENT",
    `UID:${id}@${hostname}`,
    `DTSTAMP:${instant(revised)}`,
    `DTSTART:${instant(from)}`,
    `DTEND:${instant(nextSecond(to))}`,
    `SUMMARY:${escaped(name)}`,
    `DESCRIPTION:${escaped(reason)}`,
    `STATUS:${cancelled === undefined ? "CONFIRMED" : "CANCELLED"}`,
    `SEQUENCE:${revised === announced ? 0 : 1}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
};

/** An end is later than its beginning, also by the second. */
const nextSecond = (at: string) => new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString();

/** `20261122T100000Z` */
const instant = (at: string) => `${at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/** https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11; what a line may not hold at all is left out. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\\;,]/g, "\\$&")
    .replaceAll(/\r?\n|\r/g, "\\n")
    .replaceAll(/\p{Cc}/gu, "");

const LONGEST_OCTETS = 75;

/** https://www.rfc-editor.org/rfc/rfc5545#section-3.1: no line is longer than 75 octets, and no character is cut. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    // Whatever continues a line begins with a space.
    if (Buffer.byteLength(part + character) > LONGEST_OCTETS) {
      parts.push(part);
      part = " ";
    }
    part += character;
  }
  return [...parts, part].join("\r\n");
}
