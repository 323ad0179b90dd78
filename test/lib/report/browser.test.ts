import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromePath, openBrowser } from "../drill/browser.ts";
import { fleetOf, pageOf } from "./shown.ts";

const chrome = chromePath();
/** German has the longest words; what people call themselves may be longer. */
const PAGES = {
  "acme.html": () => pageOf("de", { provider: "M".repeat(500) }),
  "index.html": () => fleetOf("id"),
} as const;
const SHOWN = Object.keys(PAGES).flatMap((file) =>
  [360, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((scheme) => ({ file, width, scheme })),
  ),
);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

describe.skipIf(chrome === undefined)("the pages in a real browser", { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "report-browser-"));
  const urlOf = (file: string) => pathToFileURL(join(directory, file)).href;
  let browser: Browser;

  beforeAll(async () => {
    for (const [file, page] of Object.entries(PAGES)) writeFileSync(join(directory, file), page());
    browser = await openBrowser(String(chrome));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true });
  });

  async function shown({ file, width, scheme }: (typeof SHOWN)[number]): Promise<Page> {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 800 });
    await page.goto(urlOf(file));
    return page;
  }

  test.for(SHOWN)("fit, and violate no rule of axe: $file, $width px, $scheme", async (how) => {
    const page = await shown(how);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(how.width);
    await page.evaluate(axe.source);
    const { violations, passes } = (await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)} })`,
    )) as AxeResults;
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 5)}`,
    );
    expect(found).toEqual([]);
    const looked = passes.map(({ id }) => id);
    expect(looked).toEqual(
      expect.arrayContaining(["color-contrast", "region", "heading-order", "html-has-lang"]),
    );
    await page.close();
  });

  test.each(Object.keys(PAGES))(
    "%s asks for nothing but itself, and prints on A4",
    async (file) => {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(urlOf(file));
      expect(asked).toEqual([urlOf(file)]);
      await page.emulateMediaType("print");
      await page.setViewport({ width: Math.floor(((210 - 28) / 25.4) * 96), height: 1000 });
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      const pdf = Buffer.from(await page.pdf({ format: "A4" }));
      expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
      await page.close();
    },
  );
});
