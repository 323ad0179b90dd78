import { type Html, html } from "../page/html.ts";
import type { Language } from "../sla/language.ts";
import { MONTH_STYLE } from "./style.ts";

const STYLE: Html = { html: MONTH_STYLE };

interface Parts {
  readonly language: Language;
  readonly title: string;
  readonly header: Html;
  readonly main: Html;
  readonly footer: Html;
}

/** One self-contained page: its own policy forbids scripts and requests, should an escape ever be missing. */
export const documentOf = ({ language, title, header, main, footer }: Parts): string =>
  `<!doctype html>\n${
    html`<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${header}</header>
<main>
${main}
</main>
<footer>${footer}</footer>
</body>
</html>
`.html
  }`;
