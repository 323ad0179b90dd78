import { type Html, html } from "../../lib/page/html.ts";
import type { Backups } from "./backups.ts";
import type { Row, View } from "./view.ts";
import { lasting, localTime } from "./words.ts";

/** How old the newest backup is and when one was last restored, of all rows whose plans sell backups. */
export function backupSection({ rows, at, timezone }: View): Html {
  const sold = rows.flatMap((row) => (row.backups ? [{ row, backups: row.backups }] : []));
  if (sold.length === 0) return html``;
  return html`<section aria-labelledby="backups"><h2 id="backups">Backups</h2>
<table><thead><tr><th scope="col">Of</th><th scope="col">Newest backup</th><th scope="col">Last restore test that held</th></tr></thead>
<tbody>${sold.map(
    ({ row, backups }) =>
      html`<tr><th scope="row">${nameOf(row)}</th><td>${newest(row, backups, at, timezone)}</td><td>${tested(row, backups, timezone)}</td></tr>`,
  )}</tbody></table></section>`;
}

const nameOf = ({ kind, name }: Row): Html =>
  kind === "region" ? html`Hosting in ${name}` : html`<bdi>${name}</bdi>`;

const none = (kind: Row["kind"]) => (kind === "region" ? "not of all yet" : "none yet");

function newest(row: Row, backups: Backups, at: string, timezone: string): Html {
  if (backups.newest === undefined) return html`<span class="bad">${none(row.kind)}</span>`;
  const age = lasting(Math.max(0, Date.parse(at) - Date.parse(backups.newest)));
  const old = row.kind === "region" ? `each ${age} old at most` : `${age} old`;
  return html`${old}, of <time datetime="${backups.newest}">${localTime(backups.newest, timezone)}</time>`;
}

function tested({ kind }: Row, { tested: at, isFailing }: Backups, timezone: string): Html {
  const failing = isFailing
    ? html` <span class="bad">the newest test has failed, and is repeated every day</span>`
    : html``;
  if (at === undefined) return html`${none(kind)}${failing}`;
  const since = kind === "region" ? " or later" : "";
  return html`<time datetime="${at}">${localTime(at, timezone)}</time>${since}${failing}`;
}
