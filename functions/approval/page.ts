import { createHash } from "node:crypto";
import escapeHtml from "escape-html";
import type { Action, Answer, Question } from "./contract.ts";

export interface Page {
  readonly status: number;
  readonly title: string;
  /** Trusted markup: whatever came from elsewhere is escaped. */
  readonly body: string;
}

const ASKS = {
  approve: {
    title: "Approve the failover",
    button: "Approve",
    does: "If you approve, the standby takes over.",
  },
  refuse: {
    title: "Refuse the failover",
    button: "Refuse",
    does: "If you refuse, the failover stops.",
  },
} as const satisfies Record<Action, unknown>;

/** Opening it does nothing: mail scanners open links. Only its button does. */
export function questionPage(question: Question, action: Action): Page {
  const { instance, until, otherwise, found } = question;
  const { title, button, does } = ASKS[action];
  return {
    status: 200,
    title: `${title} of ${instance}?`,
    body: `<ul>${found.map((line) => `<li>${sentence(line)}</li>`).join("")}</ul>
<p>Nothing has been touched. ${does} Without an answer until <b>${instant(until)}</b> ${
      otherwise === "failover" ? "the failover goes on by itself" : "the failover stops"
    }.</p>
<form method="post">
<label for="reason">Why? It stays as evidence.</label>
<input id="reason" name="reason" maxlength="300" autocomplete="off">
<button>${button} the failover of ${escapeHtml(instance)}</button>
</form>`,
  };
}

/** To whoever decided. */
export const decidedPage = ({ instance, failover }: Question, { state }: Answer): Page => ({
  status: 200,
  title: `The failover of ${instance} is ${state}`,
  body: `<p>${
    state === "approved"
      ? "It goes on now; a mail says how it ends. What has come back by itself meanwhile is not failed over."
      : "It stops now, and nothing is touched. A mail has the command that takes it up again."
  }</p>${evidence(failover)}`,
});

/** To whoever comes second, or once more. */
export const settledPage = (
  { instance, failover }: Question,
  { state, by, at, reason }: Answer,
): Page => ({
  status: 409,
  title: `This has been decided: ${state}`,
  body: `<p>The failover of ${escapeHtml(instance)} was ${state} by <b>${escapeHtml(by)}</b> at ${instant(at)}: ${escapeHtml(reason)}.</p><p>Your link does nothing any more.</p>${evidence(failover)}`,
});

/** The question is open in the ledger, yet there is nothing left to decide. */
export const overPage = ({ instance, failover }: Question, why: string): Page => ({
  status: 410,
  title: "This link is too old",
  body: `<p>${escapeHtml(why)} The link does nothing any more.</p><p>What holds now: <code>npx sla status</code>; to fail over by hand: <code>npx sla failover ${escapeHtml(instance)} --reason '…'</code>.</p>${evidence(failover)}`,
});

/** Tells nobody which instances or failovers there are. */
export const UNKNOWN_PAGE: Page = {
  status: 404,
  title: "There is no such link",
  body: "<p>Is it complete? Some mail programs cut long links. The mail also has the command that decides.</p>",
};

export const TROUBLE_PAGE: Page = {
  status: 503,
  title: "This cannot be decided here now",
  body: "<p>Nothing was decided. Try again in a moment, or use the command that the mail has.</p>",
};

export const METHOD_PAGE: Page = {
  status: 405,
  title: "This page is only read or answered",
  body: "<p>Nothing was decided.</p>",
};

const evidence = (failover: string) =>
  `<p class="small">Failover <code>${escapeHtml(failover)}</code></p>`;

const sentence = (line: string) =>
  escapeHtml(line).replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, instant);

/** `2026-11-21 10:06:45 UTC` */
const instant = (at: string) => escapeHtml(`${at.slice(0, 19).replace("T", " ")} UTC`);

const STYLE = `:root{color-scheme:light dark;--text:#1b1f24;--back:#fff;--edge:#57606a;--act:#0b57d0;--on:#fff}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--back:#0d1117;--edge:#8b949e;--act:#a8c7fa;--on:#062e6f}}
body{margin:0;background:var(--back);color:var(--text);font:1.0625rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:38rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}ul{padding-left:1.25rem}li{margin:.5rem 0}
form{margin-top:1.5rem}label{display:block;margin-bottom:.25rem}
input,button{box-sizing:border-box;width:100%;min-height:3rem;font:inherit;border-radius:.5rem;padding:.5rem .75rem}
input{border:1px solid var(--edge);background:transparent;color:inherit;margin-bottom:1rem}
button{border:0;background:var(--act);color:var(--on);font-weight:600}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}.small{font-size:.875rem;color:var(--edge)}`;

/** No script, no request to anybody, no frame around it, and only to itself an answer. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

export const htmlOf = ({ title, body }: Page): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`;
