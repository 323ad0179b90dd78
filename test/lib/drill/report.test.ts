import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { renderHtml, writeReport } from "../../../lib/drill/report.ts";
import { phasesOf } from "../../../lib/drill/report-phases.ts";
import type { DrillResult } from "../../../lib/drill/result.ts";
import { alert, broken, deployed, entry, failover, halted } from "./results.ts";

const SCRIPT = `<script>alert("x")</script>`;

/** Every text of a result that comes from elsewhere, replaced. */
const hostile = (text: string): DrillResult =>
  failover({
    instance: text,
    plan: text,
    fault: text,
    checks: [{ name: text, ok: true, found: text }],
    timeline: [entry(0, "fault", text), entry(10, text, text)],
    dns: { before: text, after: `${text}!`, flippedBy: "api", neighboursMoved: 0 },
    fence: text,
    debts: [text],
    deployment: { by: text, stacks: [text], bootstrapSeconds: 1, deploySeconds: 1 },
    mails: [{ at: entry(0, "", "").at, to: text, subject: text }],
    bundles: [{ function: text, sha256: text, equal: true }],
  });

test("a script in an id, a detail or a mail is text on the page", () => {
  const page = renderHtml([hostile(SCRIPT), hostile(SCRIPT)]);
  expect(page).not.toContain("<script");
  expect(page).toContain("&lt;script&gt;");
});

test("no text can leave its element or its attribute", () => {
  const marker = "ZZmarkerZZ";
  fc.assert(
    fc.property(fc.stringMatching(/^[<>"'&a-z/. ]{1,12}$/), (noise) => {
      const page = renderHtml([hostile(`${noise}${marker}`)]);
      const tags = page.match(/<[^>]*>/g) ?? [];
      const escaped = tags.filter((tag) => tag.includes(marker) && !tag.startsWith("<li class="));
      return escaped.length === 0 && tags.every((tag) => !/ on\w+=/.test(tag));
    }),
  );
});

test("the page asks for nothing and runs nothing", () => {
  const page = renderHtml([failover(), broken()]);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<script|<link|<img|src=|url\((?!#)|@import|https?:/);
});

test("the verdict is the title, the bars say the margins", () => {
  const page = renderHtml([failover()]);
  expect(page).toContain("<title>Drill: The promise held</title>");
  expect(page).toContain("25&nbsp;s to spare, 17&nbsp;% used");
  expect(page).toContain("promised 30m, 30&nbsp;s at pace 60");
});

test("one run that does not hold gives the page its title and names what failed", () => {
  const page = renderHtml([failover(), broken()]);
  expect(page).toContain('<h1 class="bad">The promise did not hold</h1>');
  expect(page).toContain("15&nbsp;s too late");
  expect(page).toContain("1 of 2 things that must hold do not: RTO under 30.00&nbsp;s.");
  expect(page).toContain("Look up HaltProofRefused in docs/runbook.md.");
});

test("where nothing may be promoted no recovery is drawn", () => {
  const page = renderHtml([alert()]);
  expect(page).not.toContain("promised 30m");
  expect(page).not.toContain("The same run on AWS");
  expect(page).toContain("<td>the run looks on</td>");
});

test("a halt is told with its next command, under a title that promises nothing", () => {
  const page = renderHtml([failover(), halted()]);
  expect(page).toContain("<title>Drill: What had to happen happened</title>");
  expect(page).toContain("<dt>Halted at</dt><dd>HaltBehind</dd>");
  expect(page).toContain("<dd>aws stepfunctions start-execution</dd>");
});

test("the same bundle in several regions is one row", () => {
  const rows = renderHtml([failover()]).match(/sla-probe/g);
  expect(rows).toHaveLength(1);
});

test("phases cover the time from the fault to the first write without a gap", () => {
  const phases = phasesOf(failover().timeline);
  expect(phases.map(({ kind, ms }) => [kind, ms])).toEqual([
    ["wait", 3000],
    ["work", 500],
    ["work", 500],
    ["work", 400],
    ["work", 200],
    ["wait", 400],
  ]);
});

test("a timeline that lacks steps still adds up to its recovery", () => {
  const { timeline } = failover();
  fc.assert(
    fc.property(fc.subarray([...timeline.slice(1, 6)]), (some) => {
      const end = entry(5000, "service", "");
      const phases = phasesOf([entry(0, "fault", ""), ...some, end]);
      return phases.reduce((sum, { ms }) => sum + ms, 0) === 5000;
    }),
  );
});

test("without a write on the new primary there are no phases", () => {
  expect(phasesOf(broken().timeline)).toEqual([]);
});

test("one run is written as an object, several as a list", async () => {
  const directory = await mkdtemp(join(tmpdir(), "report-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const read = async (file: string) => JSON.parse(await readFile(file, "utf8"));
  const one = await writeReport(join(directory, "one"), [failover()]);
  expect(await read(one.json)).toEqual(failover());
  const two = await writeReport(join(directory, "two"), [failover(), alert()]);
  expect(await read(two.json)).toEqual([failover(), alert()]);
});

test("of many runs each has its own page, and the first leads to all", async () => {
  const directory = await mkdtemp(join(tmpdir(), "report-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const results = Array.from({ length: 8 }, (_, index) =>
    index === 3 ? broken() : failover({ fault: `fault-${index}` }),
  );
  const files = await writeReport(directory, results);
  const first = await readFile(files.html, "utf8");
  expect(first).toContain("The promise did not hold");
  expect(first).not.toContain("<article");
  const links = [...first.matchAll(/href="([^"]+)"/g)].map(([, link]) => String(link));
  const pages = await Promise.all(links.map((link) => readFile(join(directory, link), "utf8")));
  expect(pages.map((page) => /fault [\w-]+/.exec(page)?.[0])).toEqual(
    results.map(({ fault }) => `fault ${fault}`),
  );
  expect(pages[3]).toContain("The promise did not hold");
  expect(JSON.parse(await readFile(files.json, "utf8"))).toHaveLength(8);
});

test("a run on what was deployed says by whom and through what", () => {
  const page = renderHtml([deployed()]);
  expect(page).toContain("bootstrapped and deployed by aws-cdk 2.1148.1 through the API of");
  expect(renderHtml([failover()])).not.toContain("bootstrapped");
});
