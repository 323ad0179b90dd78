import { type Html, html } from "../../lib/page/html.ts";
import type { Planned } from "./planned.ts";
import type { View } from "./view.ts";
import { localTime } from "./words.ts";

/** What is announced and under way; what is over is in the calendar alone. */
export function maintenanceSection({ maintenance, at, timezone }: View): Html {
  const coming = maintenance.filter(({ to }) => to > at);
  if (coming.length === 0) return html``;
  return html`<section aria-labelledby="maintenance"><h2 id="maintenance">Maintenance</h2>
<ul class="past">${coming.map((each) => line(each, timezone))}</ul></section>`;
}

function line({ kind, from, to, reason, whom, cancelled }: Planned, timezone: string): Html {
  const time = (at: string) => html`<time datetime="${at}">${localTime(at, timezone)}</time>`;
  const span = html`${time(from)} to ${time(to)}`;
  const what = kind === "emergency" ? "emergency, " : "";
  const names = whom.length === 0 ? html`` : html` (<bdi>${whom.join(", ")}</bdi>)`;
  const words = html`${what}<bdi>${reason}</bdi>${names}`;
  return cancelled === undefined
    ? html`<li>${span}: ${words}</li>`
    : html`<li><strong>Cancelled</strong>: <s>${span}</s>, ${words}</li>`;
}
