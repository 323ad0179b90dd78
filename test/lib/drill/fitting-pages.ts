import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromePath, openBrowser } from "./browser.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const WIDTHS = [360, 1280] as const;
const SCHEMES = ["light", "dark"] as const;
const A4_WIDTH = Math.floor(((210 - 28) / 25.4) * 96);

interface Pages {
  /** By the name of a file. */
  readonly pages: Readonly<Record<string, () => string>>;
  /** A rule of axe that has to have found something to look at, beside those of every page. */
  readonly looksAt: string;
}

/** Tests that pages stand by themselves in a real browser, on a phone and a desk, by day and by night, and on paper. */
export function pagesFit(title: string, { pages, looksAt }: Pages): void {
  const chrome = chromePath();
  const files = Object.keys(pages);
  const all = files.flatMap((file) =>
    WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ file, width, scheme }))),
  );

  describe.skipIf(chrome === undefined)(title, { timeout: 60_000 }, () => {
    const directory = mkdtempSync(join(tmpdir(), "pages-"));
    const urlOf = (file: string) => pathToFileURL(join(directory, file)).href;
    let browser: Browser;

    beforeAll(async () => {
      for (const [file, page] of Object.entries(pages)) {
        writeFileSync(join(directory, file), page());
      }
      browser = await openBrowser(String(chrome));
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      rmSync(directory, { recursive: true });
    });

    async function shown({ file, width, scheme }: (typeof all)[number]): Promise<Page> {
      const page = await browser.newPage();
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport({ width, height: 800 });
      await page.goto(urlOf(file));
      return page;
    }

    test.for(all)("$file fits $width px, $scheme, and violates no rule of axe", async (how) => {
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
        expect.arrayContaining(["color-contrast", "region", "heading-order", looksAt]),
      );
      await page.close();
    });

    test.each(files)("%s asks for nothing but itself, and prints on A4", async (file) => {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(urlOf(file));
      expect(asked).toEqual([urlOf(file)]);
      await page.emulateMediaType("print");
      await page.setViewport({ width: A4_WIDTH, height: 1000 });
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      const pdf = Buffer.from(await page.pdf({ format: "A4" }));
      expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
      await page.close();
    });
  });
}
