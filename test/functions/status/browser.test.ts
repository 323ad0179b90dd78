import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audiencesOf } from "../../../functions/status/address.ts";
import { PAGE_POLICY } from "../../../functions/status/contract.ts";
import { filesOf } from "../../../functions/status/files.ts";
import { chromePath, openBrowser } from "../../lib/drill/browser.ts";
import { nastyScene } from "./nasty-scene.ts";

const chrome = chromePath();
const { scene } = nastyScene();
const instances = scene.known.map(({ instance }) => instance);
const files = filesOf(
  scene,
  audiencesOf({ instances }, () => false),
  {
    ...{ address: "https://status.example/", secret: "s" },
  },
);
const customer = [...files.keys()].filter(
  (key) => key.startsWith("c/") && key.endsWith("index.html"),
);
const PAGES = ["index.html", String(customer[1]), "404.html"];
const SHOWN = PAGES.flatMap((file) =>
  [360, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((scheme) => ({ file, width, scheme })),
  ),
);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

describe.skipIf(chrome === undefined)("the page in a real browser", { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const file = files.get(String(url).slice(1));
      if (!file) return void response.writeHead(404).end();
      response.writeHead(200, {
        "content-type": file.type,
        "content-security-policy": PAGE_POLICY,
      });
      response.end(file.body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser(String(chrome));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function shown({ file, width, scheme }: (typeof SHOWN)[number]): Promise<Page> {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height: 800 });
    await page.goto(`${origin}/${file}`);
    return page;
  }

  test.for(SHOWN)("fits, and violates no rule of axe: $file, $width px, $scheme", async (how) => {
    const page = await shown(how);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(how.width);
    // Opened, so that what lies in them is looked at as well.
    await page.evaluate(
      "for (const each of document.querySelectorAll('details')) each.open = true",
    );
    await page.evaluate(axe.source);
    const { violations, passes } = (await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)} })`,
    )) as AxeResults;
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 5)}`,
    );
    expect(found).toEqual([]);
    const looked = passes.map(({ id }) => id);
    expect(looked).toEqual(expect.arrayContaining(["color-contrast", "landmark-one-main"]));
    await page.close();
  });

  test("is dressed though its policy forbids nearly everything, and asks nobody but its own site", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    await page.goto(`${origin}/index.html`);
    expect(
      await page.evaluate("getComputedStyle(document.querySelector('.things')).listStyleType"),
    ).toBe("none");
    expect(new Set(asked)).toEqual(new Set([`${origin}/index.html`, `${origin}/style.css`]));
    expect(said).toEqual([]);
    await page.close();
  });

  test("has feeds that a browser reads as XML", async () => {
    const page = await browser.newPage();
    for (const [key, { body }] of files) {
      if (!key.endsWith(".atom")) continue;
      const root = await page.evaluate(
        `new DOMParser().parseFromString(${JSON.stringify(body)}, "application/xml").documentElement.nodeName`,
      );
      expect([key, root]).toEqual([key, "feed"]);
    }
    await page.close();
  });
});
