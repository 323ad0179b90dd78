import { type Html, html } from "../page/html.ts";
import { failureWords, untakenWords } from "./webhook-lines.ts";
import type { WebhookStatus } from "./webhooks-now.ts";

/** Of the provider's own page; nothing where the fleet names no webhooks. */
export function webhookSection(hooks: readonly WebhookStatus[], silent: Html): Html {
  if (hooks.length === 0) return html``;
  return html`<section aria-labelledby="webhooks"><h2 id="webhooks">Webhooks</h2>
<ul class="past">${hooks.map(hookItem)}</ul>${silent}</section>
`;
}

function hookItem(hook: WebhookStatus): Html {
  const { webhook, stuck, failure } = hook;
  const untaken = untakenWords(hook);
  const state = stuck ? html`<strong>stuck</strong>: ` : html``;
  const why = failure ? html`; last: <bdi>${failureWords(failure)}</bdi>` : html``;
  return html`<li><bdi>${webhook}</bdi>: ${state}<bdi>${untaken === "" ? "all was taken" : untaken}</bdi>${why}</li>`;
}
