import escapeHtml from "escape-html";
import type { Ack, Call } from "../oncall/contract.ts";
import type { Page } from "./page.ts";

/** Opening it does nothing: mail scanners open links. Only its button does. */
export const askPage = ({ instance, title, openedAt, lines }: Call): Page => ({
  status: 200,
  title: `Take care of ${instance}?`,
  body: `<p>${escapeHtml(title)}, told at ${instant(openedAt)}.</p>
<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>
<p>If you acknowledge it, nobody else is called for it, and nobody repeats it: it is yours until it is over.</p>
<form method="post"><button>I take care of ${escapeHtml(instance)}</button></form>`,
});

export const donePage = ({ instance, id }: Call): Page => ({
  status: 200,
  title: `You take care of ${instance}`,
  body: `<p>Nobody else is called. Whoever was called before you is told.</p>${evidence(id)}`,
});

/** To whoever comes second, or once more. */
export const takenPage = ({ instance, id }: Call, { by, at, reason }: Ack): Page => ({
  status: 409,
  title: `Somebody takes care of ${instance}`,
  body: `<p><b>${escapeHtml(by)}</b> has acknowledged it at ${instant(at)}: ${escapeHtml(reason)}.</p>${evidence(id)}`,
});

export const overCallPage = ({ instance, id }: Call): Page => ({
  status: 410,
  title: `${instance}: that is over`,
  body: `<p>Nobody is called for it any more. What holds now: <code>npx sla status</code></p>${evidence(id)}`,
});

export const lateLinkPage = ({ instance, id }: Call): Page => ({
  status: 410,
  title: "This link is too old",
  body: `<p>It does nothing any more. A newer mail has a newer one, and there is the command: <code>npx sla ack ${escapeHtml(id)} --instance ${escapeHtml(instance)} --reason '...'</code></p>`,
});

const evidence = (id: string) => `<p class="small">Incident <code>${escapeHtml(id)}</code></p>`;

/** `2026-11-21 10:06:45 UTC` */
const instant = (at: string) => escapeHtml(`${at.slice(0, 19).replace("T", " ")} UTC`);
