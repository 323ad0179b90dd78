import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { audiencesOf } from "../../../functions/status/address.ts";
import { atomFeed, jsonFeed } from "../../../functions/status/feeds.ts";
import { filesOf } from "../../../functions/status/files.ts";
import { titleOf } from "../../../functions/status/page.ts";
import type { View } from "../../../functions/status/view.ts";
import { nastyScene } from "./nasty-scene.ts";

const ADDRESS = "https://status.example/";
const { scene, NASTY } = nastyScene();
const audiences = audiencesOf(
  { instances: scene.known.map(({ instance }) => instance) },
  () => false,
);
const files = filesOf(scene, audiences, { address: ADDRESS, secret: "s" });
const pages = [...files].filter(([, { type }]) => type.startsWith("text/html"));
const shown = [...files].filter(([key]) => key.endsWith("index.html"));

describe("a page", () => {
  it.each(pages)(
    "has no script, no style of its own and asks nobody for anything: %s",
    (_, { body }) => {
      const { document } = parseHTML(body);
      expect(document.querySelectorAll("script, style, iframe, img, object, form")).toHaveLength(0);
      for (const element of document.querySelectorAll("*")) {
        const names = [...element.attributes].map(({ name }) => name);
        expect(names.filter((name) => name.startsWith("on") || name === "style")).toEqual([]);
      }
      const links = [...document.querySelectorAll("[href], [src]")].map((each) =>
        each.getAttribute("href"),
      );
      for (const link of links)
        expect(link).toMatch(
          /^(\/|\/style\.css|feed\.atom|feed\.json|maintenance\.ics|status\.json)$/,
        );
    },
  );

  it.each(shown)(
    "shows what comes from the fleet as text, whatever it holds: %s",
    (_, { body }) => {
      expect(body).not.toMatch(/<(b|img|script)[ >]/);
      const { document } = parseHTML(body);
      expect(document.querySelectorAll("bdi").length).toBeGreaterThan(0);
      expect(document.documentElement.textContent).not.toMatch(/undefined|NaN|\[object/);
    },
  );

  it("keeps what is written from right to left to itself, and all of a long name", () => {
    const { document } = parseHTML(files.get("index.html")?.body ?? "");
    const names = [...document.querySelectorAll(".things h3 bdi")].map((each) => each.textContent);
    expect(names).toEqual(NASTY);
  });

  it("tells what its bars show in words, too", () => {
    const { document } = parseHTML(files.get("index.html")?.body ?? "");
    for (const drawing of document.querySelectorAll("svg")) {
      expect(drawing.getAttribute("aria-hidden")).toBe("true");
    }
    const [first] = document.querySelectorAll(".things > li");
    expect(first?.textContent).toContain("Down for 1 hour 5 minutes on 2 of the last 90 days.");
    expect(first?.textContent).toContain("2026-11-03: down for 1 hour");
  });

  it("of a customer is not to be found by search engines", () => {
    for (const [key, { body }] of shown) {
      expect(body.includes('name="robots" content="noindex"')).toBe(key.startsWith("c/"));
    }
  });

  it("says that there is nothing where there is nothing", () => {
    const empty = filesOf({ ...scene, known: [] }, [], { address: ADDRESS, secret: "s" });
    expect(empty.get("index.html")?.body).toContain("There is nothing to show yet.");
  });
});

const view: View = JSON.parse(files.get("status.json")?.body ?? "");
const plain = (rows: View["rows"]): View => ({ ...view, audience: "everybody", rows });

describe("feeds", () => {
  it("have a title, a link and an instant for each disruption and window, with an id that stays", () => {
    const feed = JSON.parse(files.get("feed.json")?.body ?? "");
    expect(feed).toMatchObject({
      version: "https://jsonfeed.org/version/1.1",
      title: titleOf({ ...view, audience: "everybody" }),
      feed_url: `${ADDRESS}feed.json`,
    });
    const ids = feed.items.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(2);
    for (const item of feed.items) {
      expect(item.id).toMatch(
        /^tag:status\.example,2026-01-01:(disruption\/[\w-]+-\d{14}|maintenance\/m\d)$/,
      );
      expect(item).toMatchObject({ url: `${ADDRESS}index.html`, title: expect.any(String) });
      expect(Date.parse(item.date_modified)).toBeGreaterThanOrEqual(
        Date.parse(item.date_published),
      );
    }
  });

  it("say the same in both, and no markup of the fleet is markup in them", () => {
    const { body } = files.get("feed.atom") ?? { body: "" };
    const feed = JSON.parse(files.get("feed.json")?.body ?? "");
    expect([...body.matchAll(/<entry>/g)]).toHaveLength(feed.items.length);
    expect(body).not.toMatch(/<(b|img|script)[ >]/);
    expect(body.match(/<updated>([^<]+)</)?.[1]).toBe(
      feed.items
        .map(({ date_modified }: { date_modified: string }) => date_modified)
        .toSorted()
        .at(-1),
    );
  });

  it("say when a window was ended before its time", () => {
    const feed = JSON.parse(files.get("feed.json")?.body ?? "");
    const short = feed.items.find(({ id }: { id: string }) => id.endsWith("maintenance/m5"));
    expect(short.date_modified).toBe("2026-11-01T22:20:00.000Z");
  });

  it("hold no character that XML forbids", () => {
    const broken = plain(view.rows.map((row) => ({ ...row, name: "a\u0000b\ud800c\uffff" })));
    const text = atomFeed(broken, ADDRESS, ADDRESS);
    expect(text).toContain("a\ufffdb\ufffdc\ufffd down");
    expect(jsonFeed(broken, ADDRESS, ADDRESS)).toBeTruthy();
  });

  it("do not change while nothing begins or ends", () => {
    const later = filesOf({ ...scene, at: "2026-11-22T10:15:00.000Z" }, audiences, {
      address: ADDRESS,
      secret: "s",
    });
    expect(later.get("feed.atom")).toEqual(files.get("feed.atom"));
    expect(later.get("feed.json")).toEqual(files.get("feed.json"));
  });
});
