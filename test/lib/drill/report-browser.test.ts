import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../../lib/drill/report.ts";
import { chromePath, openBrowser } from "./browser.ts";
import {
  alert,
  broken,
  byFlag,
  failover,
  halted,
  quiet,
  recovered,
  regionLost,
  thereAndBack,
  undone,
  withoutMail,
} from "./results.ts";

const chrome = chromePath();
if (chrome === undefined) {
  console.warn("skipped: no Chromium in PATH, and CHROME_PATH names none");
}

const RESULTS = [
  failover(),
  byFlag(),
  withoutMail(),
  broken(),
  halted(),
  alert(),
  quiet(),
  regionLost(),
  thereAndBack(),
  recovered(),
  undone(),
];
const SCREENS = [360, 1280].flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme })),
);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

describe.skipIf(chrome === undefined)("a report in a real browser", { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "report-browser-"));
  const file = join(directory, "report.html");
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(file, renderHtml(RESULTS));
    browser = await openBrowser(String(chrome));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true });
  });

  async function shown(width: number, scheme: "light" | "dark"): Promise<Page> {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 800 });
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  test.for(SCREENS)("violates no rule of axe: $width px, $scheme", async ({ width, scheme }) => {
    const page = await shown(width, scheme);
    await page.evaluate(axe.source);
    const { violations, passes } = (await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)} })`,
    )) as AxeResults;
    expect(
      violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ html }) => html.slice(0, 200))
            .join(" | ")
            .slice(0, 1000)}`,
      ),
    ).toEqual([]);
    // It has looked at what matters here.
    const looked = passes.map(({ id }) => id);
    expect(looked).toEqual(expect.arrayContaining(["color-contrast", "region", "heading-order"]));
    await page.close();
  });

  test.for(SCREENS)("fits the screen: $width px, $scheme", async ({ width, scheme }) => {
    const page = await shown(width, scheme);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const drawings = await page.$$eval("svg.drawing", (all) =>
      all.filter((each) => each.getBoundingClientRect().width > 0).map((each) => each.outerHTML),
    );
    expect(drawings).toHaveLength(RESULTS.length);
    await page.close();
  });

  test("asks for nothing but itself, and says nothing on the console", async () => {
    const page = await browser.newPage();
    const [asked, said]: [string[], string[]] = [[], []];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.goto(pathToFileURL(file).href);
    expect({ asked, said }).toEqual({ asked: [pathToFileURL(file).href], said: [] });
    await page.close();
  });

  test("prints on A4 without cutting anything off", async () => {
    const page = await shown(1280, "dark");
    await page.emulateMediaType("print");
    // The width of A4 less its margins, in CSS pixels.
    await page.setViewport({ width: Math.floor(((210 - 28) / 25.4) * 96), height: 1000 });
    const { wide, paper } = (await page.evaluate(
      "({ wide: document.documentElement.scrollWidth - innerWidth, paper: getComputedStyle(document.body).backgroundColor })",
    )) as { wide: number; paper: string };
    expect({ wide, paper }).toEqual({ wide: 0, paper: "rgb(255, 255, 255)" });
    const pdf = await page.pdf({ format: "A4" });
    expect(Buffer.from(pdf).subarray(0, 4).toString()).toBe("%PDF");
    await page.close();
  });
});
