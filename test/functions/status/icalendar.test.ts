import { describe, expect, it } from "vitest";
import { atomFeed, jsonFeed } from "../../../functions/status/feeds.ts";
import { iCalendar } from "../../../functions/status/icalendar.ts";
import { statusJson } from "../../../functions/status/page-json.ts";
import { customerView, publicView } from "../../../functions/status/view.ts";
import type { Window } from "../../../lib/sla/books/window.ts";
import { nastyScene } from "./nasty-scene.ts";

const ADDRESS = "https://status.example/";
const { scene } = nastyScene();
const everybody = iCalendar(
  publicView(scene, (id) => id),
  ADDRESS,
);
const customer = (n: number) => {
  const instances = scene.known.slice(n, n + 1).map(({ instance }) => instance);
  return iCalendar(customerView(scene, instances), ADDRESS);
};

/** As RFC 5545 has it: lines that go on are put together, then each is a name and a value. */
const unfolded = (text: string) => text.replaceAll("\r\n ", "").split("\r\n").slice(0, -1);
const events = (text: string) =>
  unfolded(text)
    .join("\n")
    .split("BEGIN:VEVENT\n")
    .slice(1)
    .map((part) =>
      Object.fromEntries(
        part
          .split("\n")
          .filter((line) => !line.startsWith("END:"))
          .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
      ),
    );

describe("the calendar of maintenance", () => {
  it("is one that calendars read: no line too long, none broken within a character", () => {
    for (const text of [everybody, ...[0, 1, 2, 3].map(customer)]) {
      expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
      for (const line of text.split("\r\n")) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\r\n]/);
      }
      const lines = unfolded(text);
      expect(lines.slice(0, 2)).toEqual(["BEGIN:VCALENDAR", "VERSION:2.0"]);
      for (const line of lines) expect(line).toMatch(/^[A-Z-]+(;[A-Z]+=[A-Z-]+)*:/);
    }
  });

  it("says when, what and whom, with what has a meaning in it escaped", () => {
    const [short, emergency, planned] = events(everybody);
    expect(planned).toMatchObject({
      UID: "m1@status.example",
      DTSTAMP: "20261120T090000Z",
      DTSTART: "20261125T220000Z",
      DTEND: "20261125T230000Z",
      SUMMARY: "Maintenance",
      STATUS: "CONFIRMED",
      SEQUENCE: "0",
    });
    expect(planned?.["DESCRIPTION"]).toMatch(
      /^<script>new<\/script> disks\\; \u202e"ä"\\, \\\\o\/\\nDonau/,
    );
    expect(emergency?.["SUMMARY"]).toMatch(/^Emergency maintenance: Donau/);
    // It was over sooner than announced.
    expect(short).toMatchObject({ DTEND: "20261101T222000Z", STATUS: "CONFIRMED" });
    // https://www.rfc-editor.org/rfc/rfc5546#section-2.1.4: who has the old end takes the new one by its number.
    expect(short).toMatchObject({ SEQUENCE: "1", DTSTAMP: "20261101T222000Z" });
  });

  it("writes no line that is none, whatever a ledger holds", () => {
    const odd = (fromAt: string, toAt: string): Window => ({
      record: {
        ...{ window: "m9", kind: "planned", scope: "fleet", instances: [], fromAt, toAt },
        ...{ reason: "disks", by: "arn", announcedAt: "2026-11-20T09:00:00.000Z" },
      },
      ...{ fromMs: Date.parse(fromAt), toMs: Date.parse(toAt) },
      announcedMs: Date.parse("2026-11-20T09:00:00.000Z"),
    });
    const shown = (...windows: readonly Window[]) =>
      events(
        iCalendar(
          publicView({ ...scene, windows }, (id) => id),
          ADDRESS,
        ),
      );
    expect(shown(odd("9999-12-31T23:00:00.000Z", "+010000-01-01T23:00:00.000Z"))).toEqual([]);
    expect(shown(odd("9999-12-31T23:00:00.000Z", "9999-12-31T23:59:59.500Z"))).toEqual([]);
    expect(shown(odd("2026-12-01T00:00:00.100Z", "2026-12-01T00:00:00.900Z"))).toMatchObject([
      { DTSTART: "20261201T000000Z", DTEND: "20261201T000001Z" },
    ]);
  });

  it("says when a ledger had what was announced, and not what its record says", () => {
    const [window] = scene.windows;
    const late = window && { ...window, announcedMs: Date.parse("2026-11-25T21:50:00.700Z") };
    const view = publicView({ ...scene, windows: late ? [late] : [] }, (id) => id);
    expect(events(iCalendar(view, ADDRESS))).toMatchObject([
      { DTSTAMP: "20261125T215000Z", SEQUENCE: "0" },
    ]);
    const announced = "2026-11-25T21:50:00.700Z";
    expect(JSON.parse(statusJson(view)).maintenance).toMatchObject([{ announced }]);
    const items = JSON.parse(jsonFeed(view, ADDRESS, ADDRESS)).items;
    expect(items).toContainEqual(expect.objectContaining({ date_published: announced }));
    expect(atomFeed(view, ADDRESS, ADDRESS)).toContain(`<published>${announced}</published>`);
  });

  it("keeps what was cancelled as such, so that calendars take it out", () => {
    const cancelled = events(everybody).filter(({ STATUS }) => STATUS === "CANCELLED");
    expect(cancelled).toEqual([
      expect.objectContaining({
        ...{ UID: "m2@status.example", SEQUENCE: "1", DTSTAMP: "20261121T000000Z" },
      }),
    ]);
  });

  it("tells everybody nothing that concerns somebody who is not named there", () => {
    expect(everybody).not.toContain("Secret");
    expect(events(everybody).map(({ UID }) => UID?.slice(0, 2))).toEqual(["m5", "m3", "m1", "m2"]);
    expect(events(customer(3)).map(({ UID }) => UID?.slice(0, 2))).toEqual([
      "m5",
      "m1",
      "m2",
      "m4",
    ]);
    expect(events(customer(0)).map(({ UID }) => UID?.slice(0, 2))).toEqual(["m5", "m1", "m2"]);
  });
});
