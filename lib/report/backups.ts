import { type Html, html } from "../page/html.ts";
import type { BackupHappened, TestHappened } from "../sla/books/happenings.ts";
import { moreThan } from "./more.ts";
import type { Speaker } from "./speaker.ts";

const MOST = 60;

/** What was taken in each region, and copied there. */
export function backupsOf(backups: readonly BackupHappened[], speaker: Speaker): Html {
  const { say, number } = speaker;
  if (backups.length === 0) return html`<p>${say("noBackups")}</p>`;
  const regions = [...Map.groupBy(backups, ({ region }) => region)].toSorted();
  const row = ([region, all]: (typeof regions)[number]) => {
    const count = (kind: BackupHappened["kind"]) =>
      number(new Set(all.flatMap((each) => (each.kind === kind ? [each.backup] : []))).size);
    return html`<tr><th scope="row">${region}</th><td class="amount" data-name="${say("taken")}">${count("take")}</td>
<td class="amount" data-name="${say("copied")}">${count("copy")}</td><td data-name="${say("newest")}">${speaker.instant(all.at(-1)?.at ?? "")}</td></tr>`;
  };
  return html`<table class="stacked">
<thead><tr><th scope="col">${say("region")}</th><th scope="col" class="amount">${say("taken")}</th><th scope="col" class="amount">${say("copied")}</th><th scope="col">${say("newest")}</th></tr></thead>
<tbody>${regions.map(row)}</tbody></table>`;
}

export function restoreTestsOf(tests: readonly TestHappened[], speaker: Speaker): Html {
  const { say } = speaker;
  if (tests.length === 0) return html`<p>${say("noRestoreTests")}</p>`;
  const columns = ["ended", "dataOf", "region", "result", "restoredIn", "rows"] as const;
  const row = (test: TestHappened) => {
    const result = test.ok
      ? html`<span class="whole good">✓ ${say("proven")}</span>`
      : html`<span class="whole bad">✗ ${say("failed")}</span>`;
    const cells = [
      html`${test.takenAt === undefined ? "—" : speaker.instant(test.takenAt)}`,
      html`<span class="whole">${test.region}</span>`,
      result,
      html`${test.restoreSeconds === undefined ? "—" : speaker.duration(test.restoreSeconds)}`,
      html`<span class="whole">${test.rows === undefined ? "—" : speaker.number(test.rows)}</span>`,
    ].map(
      (cell, index) => html`<td data-name="${say(columns[index + 1] ?? "ended")}">${cell}</td>`,
    );
    return html`<tr><th scope="row">${speaker.instant(test.endedAt)}</th>${cells}</tr>`;
  };
  return html`<table class="stacked">
<thead><tr>${columns.map((column) => html`<th scope="col">${say(column)}</th>`)}</tr></thead>
<tbody>${tests.slice(0, MOST).map(row)}</tbody></table>
${moreThan(MOST, tests.length, speaker)}`;
}
