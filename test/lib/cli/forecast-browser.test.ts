import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromePath, openBrowser } from "../drill/browser.ts";
import { pageOf } from "./forecast-pages.ts";

const chrome = chromePath();
const PAGES = {
  "rotation.html": () => pageOf({ miss: ["2026-10-02"] }),
  "schedules.html": () => pageOf({ plan: "cloudpepper-high", days: 120 }),
} as const;
const SHOWN = Object.keys(PAGES).flatMap((file) =>
  [360, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((scheme) => ({ file, width, scheme })),
  ),
);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

describe.skipIf(chrome === undefined)("the page in a real browser", { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "forecast-browser-"));
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

  test.for(SHOWN)("fits, and violates no rule of axe: $file, $width px, $scheme", async (how) => {
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
      expect.arrayContaining(["color-contrast", "region", "heading-order", "landmark-one-main"]),
    );
    await page.close();
  });

  test("asks for nothing but itself, and prints on A4 without cutting anything off", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(urlOf("rotation.html"));
    expect(asked).toEqual([urlOf("rotation.html")]);
    await page.emulateMediaType("print");
    await page.setViewport({ width: Math.floor(((210 - 28) / 25.4) * 96), height: 1000 });
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    const pdf = await page.pdf({ format: "A4" });
    expect(Buffer.from(pdf).subarray(0, 4).toString()).toBe("%PDF");
    await page.close();
  });
});
