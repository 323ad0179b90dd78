import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { pageOf } from "./forecast-pages.ts";

const shown = (page: string) => parseHTML(page).document;
const rows = (page: string, table: string) =>
  [...shown(page).querySelectorAll(`${table} tbody tr`)].map((row) =>
    [...row.children].map(({ textContent }) => String(textContent).trim()).join(" | "),
  );

describe("the page about a plan's backups", () => {
  const page = pageOf({ miss: ["2026-10-02", "2027-01-20"] });

  it("says clause by clause what is sold, the worst and the margin", () => {
    const [days, weeks] = rows(page, ".clauses");
    expect(days).toBe(
      "✗ | days | Each of the last 7 completed days has a backup. | 0 at least | -1 | 2026-10-03",
    );
    expect(weeks).toMatch(/^✓ \| weeks \| .* \| 1 at least \| 0 \| 2026-/);
    expect(page).toContain("The promise is not kept all the time.");
    expect(page).toMatch(/day 2026-10-02: 0 of 1; no deletion could have helped it/);
  });

  it("lists what exists at the end, each with what it stands for", () => {
    const all = rows(page, ".existing");
    expect(all).toHaveLength(16);
    expect(all[0]).toBe(
      "2027-02-04 04:00 | 0 | the newest, day 2027-02-04, week 2027-W05, month 2027-02",
    );
    expect(all.at(-1)).toBe("2026-09-27 04:00 | 130 | month 2026-09");
  });

  it("shows every day of the history once, in the grid of its month", () => {
    const months = [...shown(page).querySelectorAll(".month")];
    expect(months).toHaveLength(14);
    const days = months.flatMap((month) => [...month.querySelectorAll("td")]);
    const numbered = days.filter((day) => /\d/.test(String(day.textContent)));
    expect(numbered).toHaveLength(400);
    const withClass = (name: string) => numbered.filter((day) => day.className === name).length;
    expect([withClass("held"), withClass("missed"), withClass("gone")]).toEqual([16, 2, 382]);
    const first = months[0]?.querySelector("tbody tr");
    expect([...(first?.querySelectorAll("td") ?? [])].map((day) => day.textContent)).toEqual([
      "",
      "",
      "",
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  it("says what it takes, costs, and assumes", () => {
    const places = rows(page, ".places");
    expect(places.map((row) => row.split(" | ")[0])).toEqual([
      ...["home, snapshots", "copy 1, snapshots", "copy 2, snapshots"],
      ...["sent between regions", "together"],
    ]);
    expect(places[0]).toMatch(/^home, snapshots \| 6\d GB \| 8\d GB \| \$6\.\d\d$/);
    expect(page).toMatch(/Estimated for a database of 20 GB .* prices of us-east-1 of \d{4}-\d\d/s);
  });

  it("is one file without script, and takes nobody's word for markup", () => {
    const hostile = pageOf({ changes: { name: '<script>alert("x")</script>' }, days: 40 });
    expect(hostile).toContain("&lt;script&gt;");
    for (const each of [page, hostile]) {
      expect(each).not.toMatch(/<script|<link|<img|https?:\/\/(?!www\.w3\.org)/);
      expect(each).toContain("default-src 'none'");
    }
  });

  it("stays a page where ten thousand backups were taken", () => {
    const dense = pageOf({ plan: "cloudpepper-high", miss: ["2026-10-02"] });
    expect(dense).toMatch(/Not drawn: \d{4} that were there for less than \d+\.\d days/);
    expect(dense).toMatch(/<p class="soft">and \d+ more<\/p>/);
    expect(dense).toContain('<sup aria-hidden="true">24</sup>');
    expect(dense.length).toBeLessThan(600_000);
  }, 20_000);
});
