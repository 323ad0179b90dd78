import { parseHTML } from "linkedom";
import { describe, expect, it, test } from "vitest";
import { monthMail } from "../../../lib/report/mail.ts";
import { LANGUAGES } from "../../../lib/sla/language.ts";
import { ACME, ALL, fleetOf, pageOf, speak } from "./shown.ts";

const plain = (text: string) => text.replaceAll(/[\s\u00A0\u2009\u202F]+/g, " ");
const documentOf = (page: string) => parseHTML(page).document;
const textOf = (page: string, selector: string) =>
  plain(documentOf(page).querySelector(selector)?.textContent ?? "");

describe.each(LANGUAGES)("the pages in %s", (language) => {
  it("are the same bytes every time, whole, and leave no placeholder unfilled", () => {
    for (const page of [pageOf, fleetOf]) {
      expect(page(language)).toBe(page(language));
      const { documentElement: root } = documentOf(page(language));
      expect([root.getAttribute("lang"), root.getAttribute("dir")]).toEqual([language, "ltr"]);
      expect(root.textContent).not.toMatch(/\{\w+\}|undefined|NaN|Invalid/);
    }
  });

  it("fetch nothing and run nothing", () => {
    for (const page of [pageOf(language), fleetOf(language)]) {
      expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
      expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\((?!#)/);
    }
  });

  it("say the figures as the language writes them", () => {
    const availability = speak(language).percent("99.788431");
    expect(textOf(pageOf(language), ".figures dd")).toContain(plain(availability));
    expect(textOf(pageOf(language), ".verdict")).toContain(plain(availability));
    expect(textOf(fleetOf(language), "tbody td:nth-of-type(3)")).toBe(plain(availability));
  });
});

describe("the page of an instance", () => {
  it("has a figure in the calendar for hours that were not up all the time, and none else", () => {
    const drawing = documentOf(pageOf("en")).querySelector("svg.wide");
    const figures = [...(drawing?.querySelectorAll('[font-size="11"] text') ?? [])].map(
      (text) => text.textContent,
    );
    expect(figures.toSorted()).toEqual(["1", "10", "2", "21", "30", "50", "70"]);
  });

  it("says from when to when it was down, by the clocks of the zone", () => {
    const rows = [
      ...documentOf(pageOf("de")).querySelectorAll('[aria-labelledby="outages"] tbody tr'),
    ];
    expect(rows.map((row) => plain(row.textContent ?? ""))).toEqual([
      "5. Okt. 2026, 10:00–10:21 Uhr MESZ21",
      "10. Okt. 2026, 01:59–02:02 Uhr MESZ3",
      "25. Okt. 2026, 02:30 MESZ – 25. Okt. 2026, 02:40 MEZ70",
    ]);
  });

  it("says what was left out of it and what was not, as those wrote it who said so", () => {
    const rows = [
      ...documentOf(pageOf("en")).querySelectorAll('[aria-labelledby="claims"] tbody tr'),
    ];
    expect(
      rows.map((row) => [...row.children].map((cell) => plain(cell.textContent ?? ""))),
    ).toEqual([
      [
        "12 Oct 2026, 23:00 CEST – 13 Oct 2026, 00:30 CEST",
        "Announced maintenance",
        "Security patches <b>",
        "left out",
      ],
      [
        "20 Oct 2026, 12:00–12:10 CEST",
        "the customer's modules, configuration or queries",
        "stock_forecast loops",
        "left out",
      ],
      [
        "20 Oct 2026, 12:00 CEST",
        "the customer's modules, configuration or queries",
        "stock_forecast loops",
        "not left out: the incident is not over",
      ],
    ]);
  });

  it("holds each promise against what was measured, with where that lies", () => {
    const rows = [
      ...documentOf(pageOf("en")).querySelectorAll('[aria-labelledby="promises"] tbody tr'),
    ];
    expect(
      rows.map((row) => [...row.children].map((cell) => plain(cell.textContent ?? "").trim())),
    ).toEqual([
      ["Availability", "99.9%", "99.788431%", "✗ not kept", "rounds/"],
      [
        "Server lost: back within",
        "30 mins",
        "20 mins 11 secs",
        "? not shown",
        expect.stringMatching(/^failovers\/acme\S+ incidents\/acme/),
      ],
      [
        "Server lost: data lost at most",
        "5 mins",
        expect.stringMatching(/^4 secsprovisional/),
        "? not shown",
        expect.anything(),
      ],
      ["Data center lost: back within", "24 hrs", "—", "– no case", "—"],
      ["Data center lost: data lost at most", "24 hrs", "—", "– no case", "—"],
      ["A backup every day", "31 of 31 days", "30 of 31 days", "✗ not kept", "backups/"],
      [
        "The full backups sold",
        "14 backups",
        expect.stringMatching(/^15 backupsmissing at times: one for each of the last days/),
        "✗ not kept",
        "backups/",
      ],
      ["Places that hold backups", "3 places", "3 places", "✓ kept", "backups/"],
      [
        "Newest proven restore",
        "at most 1 month old",
        "8 Oct 2026, 05:12 CEST",
        "✓ kept",
        expect.stringMatching(/^restores\/acme/),
      ],
      [
        "Newest image whose machine came up",
        "at most 2 weeks old",
        "10 Oct 2026, 07:20 CEST",
        "✗ not kept",
        expect.stringMatching(/^image-tests\/acme/),
      ],
      ["Encryption in transit", "TLS, A", "—", "? not shown", "—"],
    ]);
  });

  it("shows machines that were started from images, where that was sold and nowhere else", () => {
    const row = '[aria-labelledby="images"] tbody tr';
    const rows = [...documentOf(pageOf("en")).querySelectorAll(row)];
    expect(
      rows.map((each) => [...each.children].map((cell) => plain(cell.textContent ?? ""))),
    ).toEqual([
      [
        ...["10 Oct 2026, 07:20 CEST", "9 Oct 2026, 05:00 CEST", "eu-west-1", "✓ proven"],
        ...["6 mins 52 secs", "sla-acme-20261009t030000z"],
      ],
      [
        "24 Oct 2026, 07:20 CEST",
        "—",
        "eu-central-1",
        "✗ failed",
        "—",
        "sla-acme-20261015t030000z",
      ],
    ]);
    const unsold = ACME.promises.filter(({ promise }) => promise !== "imageTests");
    const page = pageOf("en", { settled: { ...ACME, promises: unsold } });
    expect(documentOf(page).querySelector("#images")).toBeNull();
  });

  it("says that a month which is not over is not", () => {
    const page = pageOf("fr", { asOfMs: Date.parse("2026-10-20T10:00Z") });
    expect(textOf(page, "header .bad")).toBe(
      "Ce mois n’est pas terminé : état au 20 oct. 2026, 12:00 UTC+2. Ce qui est encore à venir compte comme non observé.",
    );
  });

  const provider = `"><script>alert(1)</script>&amp;${"\u202E"}שלום ${"M".repeat(500)}`;

  it("shows what others wrote as text, however long and in whichever direction", () => {
    const settled = { ...ACME, unreadable: ["incidents/acme/<b>&.json"] };
    for (const page of [pageOf("sv", { provider, settled }), fleetOf("sv", { provider })]) {
      expect(page).not.toContain("<script");
      expect(documentOf(page).querySelector("bdi")?.textContent).toBe(provider);
    }
    expect(pageOf("sv", { settled })).toContain("&lt;b&gt;&amp;.");
  });
});

describe("the page of the fleet", () => {
  it("has the worst first, leads to each, and sums credits by currency", () => {
    const yen = { percent: 5, claimBeforeMs: 0, amount: { minor: 500n, currency: "JPY" } };
    const more = { ...ACME, instance: "dill" };
    const page = fleetOf("en", {
      instances: [...ALL, more, { ...more, instance: "elm", credit: yen }],
    });
    const links = [...documentOf(page).querySelectorAll("tbody a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual(
      ["acme", "dill", "elm", "cedar", "birch"].map((id) => `${id}.html`),
    );
    expect(textOf(page, '[aria-labelledby="credits"] p')).toBe("€4.90 · JP¥500");
    expect(textOf(fleetOf("en", { instances: [] }), '[aria-labelledby="credits"] p')).toBe("none");
  });
});

describe("the mail", () => {
  const shown = { month: "2026-10", provider: "Mintsys", settled: ACME } as const;

  test("in German", () => {
    const mail = monthMail(
      { ...shown, report: { link: "https://x.example/a?b=1&c" } },
      speak("de"),
    );
    expect(mail.subject).toBe("Mintsys: Verfügbarkeit von acme im Oktober 2026");
    expect(plain(mail.text)).toBe(
      "Die zugesagte Verfügbarkeit von 99,9 % wurde nicht eingehalten: 99,788431 %. Verfügbarkeit: 99,788431 % (Zugesagt: 99,9 %) Ausfallzeit: 94 Minuten (Ausfallzeit über dem Erlaubten: 50 Minuten) Längster Ausfall: 70 Minuten Nicht beobachtet: 170 Minuten Gutschrift: 2,45 € Der ganze Bericht: https://x.example/a?b=1&c Mintsys ",
    );
    expect(mail.html).toContain('href="https://x.example/a?b=1&amp;c"');
    expect(mail.html).toContain('lang="de"');
  });

  test.each(LANGUAGES)(
    "in %s says the same as text and as HTML, in one line of subject",
    (language) => {
      const provider = 'A\r\nBcc: x@y.example <b>"';
      const { subject, text, html } = monthMail(
        { ...shown, provider, report: { file: "acme.html" } },
        speak(language),
      );
      expect(subject).not.toMatch(/[\r\n]/);
      expect(html).not.toContain("<b>");
      const read = plain(documentOf(html).body?.textContent ?? "");
      for (const word of plain(text).split(" ")) expect(read).toContain(word.replace(/:$/, ""));
    },
  );
});
