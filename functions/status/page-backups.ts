import { type Html, html } from "../../lib/page/html.ts";
import type { Backups } from "./backups.ts";
import type { Row, View } from "./view.ts";
import { howOften, lasting, localTime } from "./words.ts";

/** How old the newest backup is, when one was last restored and an image started, of all rows whose plans sell backups. */
export function backupSection({ rows, at, timezone }: View): Html {
  const sold = rows.flatMap((row) => (row.backups ? [{ row, backups: row.backups }] : []));
  if (sold.length === 0) return html``;
  const isBooted = sold.some(({ backups }) => backups.images);
  const row = ({ row, backups }: (typeof sold)[number]) =>
    html`<tr><th scope="row">${nameOf(row)}</th><td>${newest(row, backups, at, timezone)}</td><td>${tested(row, backups, timezone)}</td>${isBooted ? html`<td>${booted(row, backups, timezone)}</td>` : html``}</tr>`;
  return html`<section aria-labelledby="backups"><h2 id="backups">Backups</h2>
<table><thead><tr><th scope="col">Of</th><th scope="col">Newest backup</th><th scope="col">Last restore test that held</th>${isBooted ? html`<th scope="col">Machine last started from an image</th>` : html``}</tr></thead>
<tbody>${sold.map(row)}</tbody></table></section>`;
}

const nameOf = ({ kind, name }: Row): Html =>
  kind === "region" ? html`Hosting in ${name}` : html`<bdi>${name}</bdi>`;

const none = (kind: Row["kind"]) => (kind === "region" ? "not of all yet" : "none yet");

function newest(row: Row, backups: Backups, at: string, timezone: string): Html {
  if (backups.newest === undefined) return html`<span class="bad">${none(row.kind)}</span>`;
  const age = lasting(Math.max(0, Date.parse(at) - Date.parse(backups.newest)));
  const old = row.kind === "region" ? `each ${age} old at most` : `${age} old`;
  return html`${old}, of ${time(backups.newest, timezone)}`;
}

function tested({ kind }: Row, { tested: at, isFailing }: Backups, timezone: string): Html {
  if (at === undefined) return html`${none(kind)}${failing(isFailing)}`;
  return html`${time(at, timezone)}${orLater(kind)}${failing(isFailing)}`;
}

/** What was sold of it, and what was proven. */
function booted({ kind }: Row, { images }: Backups, timezone: string): Html {
  if (!images) return html`–`;
  const { every, proven, isFailing } = images;
  const sold = every === undefined ? html`` : html`; promised ${howOften(every)}`;
  if (!proven) return html`${none(kind)}${sold}${failing(isFailing)}`;
  const disks =
    proven.takenAt === undefined
      ? html``
      : html`, with its disks of ${time(proven.takenAt, timezone)}`;
  return html`${time(proven.at, timezone)}${orLater(kind)}${disks}${sold}${failing(isFailing)}`;
}

const failing = (isFailing: boolean): Html =>
  isFailing
    ? html` <span class="bad">the newest test has failed, and is repeated every day</span>`
    : html``;

const orLater = (kind: Row["kind"]) => (kind === "region" ? " or later" : "");

const time = (at: string, timezone: string): Html =>
  html`<time datetime="${at}">${localTime(at, timezone)}</time>`;
