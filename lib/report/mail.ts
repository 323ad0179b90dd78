import type { InstanceFigures } from "../books/month-report.ts";
import { html } from "../page/html.ts";
import type { Speaker } from "./speaker.ts";
import { fiveFigures, verdictWords } from "./verdict.ts";

export interface MailShown {
  /** `2026-10` */
  readonly month: string;
  readonly provider: string;
  readonly settled: InstanceFigures;
  /** Where the whole report is: a URL, or the name of what is attached. */
  readonly report: { readonly link: string } | { readonly file: string };
}

export interface MailText {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** A whole document without anything to be fetched. */
  readonly html: string;
}

/** The verdict, five figures and where the rest is. Whoever sends it adds nothing of its own. */
export function monthMail(shown: MailShown, speaker: Speaker): MailText {
  const { settled, provider, report } = shown;
  const { say } = speaker;
  const named = { instance: settled.instance, month: speaker.month(shown.month) };
  const subject = inOneLine(say("mailSubject", { provider, ...named }));
  const verdict = verdictWords(settled, speaker);
  const figures = fiveFigures(settled, speaker);
  const rest = "link" in report ? say("mailLink", report) : say("mailAttached", report);
  const lines = figures.map(
    ({ name, value, remark }) =>
      `${speaker.label(name)} ${value}${remark === undefined ? "" : ` (${remark})`}`,
  );
  return {
    subject,
    text: `${[verdict, "", ...lines, "", rest, "", inOneLine(provider)].join("\n")}\n`,
    html: bodyOf({ ...shown, subject, verdict, figures }, speaker),
  };
}

interface Body extends MailShown {
  readonly subject: string;
  readonly verdict: string;
  readonly figures: ReturnType<typeof fiveFigures>;
}

/** Looks that mail programs keep are few: what they leave of it is still a table. */
function bodyOf({ subject, verdict, figures, provider, report }: Body, speaker: Speaker): string {
  const rest =
    "link" in report
      ? html`<a href="${report.link}">${speaker.say("mailLink", report)}</a>`
      : html`${speaker.say("mailAttached", report)}`;
  const rows = figures.map(
    ({ name, value, remark }) =>
      html`<tr><th scope="row" align="left">${name}</th><td>${value}${remark === undefined ? "" : ` (${remark})`}</td></tr>`,
  );
  return `<!doctype html>\n${
    html`<html lang="${speaker.language}" dir="ltr"><head><meta charset="utf-8"><title>${subject}</title></head>
<body><p>${verdict}</p>
<table>${rows}</table>
<p>${rest}</p>
<p><bdi>${provider}</bdi></p></body></html>
`.html
  }`;
}

/** A line break in a subject would begin another header. */
const inOneLine = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
