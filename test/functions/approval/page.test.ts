import axe, { type AxeResults } from "axe-core";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Question } from "../../../functions/approval/contract.ts";
import {
  decidedPage,
  htmlOf,
  overPage,
  questionPage,
  settledPage,
  UNKNOWN_PAGE,
} from "../../../functions/approval/page.ts";
import { chromePath, openBrowser } from "../../lib/drill/browser.ts";

const chrome = chromePath();
if (chrome === undefined) {
  console.warn("skipped: no Chromium in PATH, and CHROME_PATH names none");
}

const QUESTION: Question = {
  instance: "a-customer-with-quite-a-long-name",
  failover: "fo-a-customer-with-quite-a-long-name-e1-20261122061957306",
  incident: "20261122061957306",
  execution: "arn:aws:states:eu-central-1:111111111111:execution:sla-failover:fo-1",
  epoch: 1,
  askedAt: "2026-11-22T06:20:00.000Z",
  until: "2026-11-22T06:35:00.000Z",
  otherwise: "halt",
  asked: ["ops@mintsys.example"],
  found: [
    "The database has been silent since 2026-11-22T06:19:57.306Z.",
    "Promoting the standby loses at most 4 s, as far as the last good round knows <b>&</b>.",
  ],
};
const ANSWER = {
  state: "refused",
  at: "2026-11-22T06:21:00.000Z",
  by: "ops@mintsys.example",
  reason: "<script>alert(1)</script>",
} as const;

const PAGES = [
  ["asks", questionPage(QUESTION, "approve")],
  ["says what was decided", decidedPage(QUESTION, ANSWER)],
  ["says who was first", settledPage(QUESTION, ANSWER)],
  ["says that it is too old", overPage(QUESTION, "The failover has ended.")],
  ["knows nothing", UNKNOWN_PAGE],
] as const;

test("what people and databases wrote is text on every page", () => {
  const all = PAGES.map(([, page]) => htmlOf(page)).join("");
  expect(all).not.toContain("<script");
  expect(all).toContain("knows &lt;b&gt;&amp;&lt;/b&gt;");
});

describe.skipIf(chrome === undefined)("the page behind a link, in a real browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(String(chrome));
  }, 60_000);
  afterAll(() => browser?.close());

  const screens = PAGES.flatMap(([name, page]) =>
    (["light", "dark"] as const).map((scheme) => ({ name, page, scheme })),
  );

  test.for(screens)(
    "$name on a phone, $scheme: fits, and violates no rule of axe",
    async (each) => {
      const tab = await browser.newPage();
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: each.scheme }]);
      await tab.setViewport({ width: 320, height: 640 });
      await tab.setContent(htmlOf(each.page));
      expect(await tab.evaluate("document.documentElement.scrollWidth")).toBe(320);
      await tab.evaluate(axe.source);
      const { violations, passes } = (await tab.evaluate("axe.run()")) as AxeResults;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain("color-contrast");
      await tab.close();
    },
  );
});
