import { breakable, type Html, html } from "../page/html.ts";
import type { BackupHappened, ImageTestHappened, TestHappened } from "../sla/books/happenings.ts";
import { moreThan } from "./more.ts";
import type { Speaker } from "./speaker.ts";
import type { PlainKey } from "./words/catalogue.ts";

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
  if (tests.length === 0) return html`<p>${speaker.say("noRestoreTests")}</p>`;
  return testTable(
    tests,
    {
      dataOf: takenAt,
      region,
      result,
      restoredIn: ({ restoreSeconds }) => lasted(restoreSeconds, speaker),
      rows: ({ rows }) =>
        html`<span class="whole">${rows === undefined ? "—" : speaker.number(rows)}</span>`,
    },
    speaker,
  );
}

/** Machines that were started from images. */
export function imageTestsOf(tests: readonly ImageTestHappened[], speaker: Speaker): Html {
  if (tests.length === 0) return html`<p>${speaker.say("noImageTests")}</p>`;
  return testTable(
    tests,
    {
      dataOf: takenAt,
      region,
      result,
      cameUpIn: ({ bootSeconds }) => lasted(bootSeconds, speaker),
      image: ({ image }) => html`<code>${breakable(image)}</code>`,
    },
    speaker,
  );
}

type Tested = Pick<TestHappened, "ok" | "endedAt" | "region" | "takenAt">;
type Cell<Test> = (test: Test, speaker: Speaker) => Html;

function testTable<Test extends Tested>(
  tests: readonly Test[],
  columns: Readonly<Partial<Record<PlainKey, Cell<Test>>>>,
  speaker: Speaker,
): Html {
  const { say } = speaker;
  const all = Object.entries(columns) as (readonly [PlainKey, Cell<Test>])[];
  const row = (test: Test) =>
    html`<tr><th scope="row">${speaker.instant(test.endedAt)}</th>${all.map(([name, cell]) => html`<td data-name="${say(name)}">${cell(test, speaker)}</td>`)}</tr>`;
  return html`<table class="stacked">
<thead><tr><th scope="col">${say("ended")}</th>${all.map(([name]) => html`<th scope="col">${say(name)}</th>`)}</tr></thead>
<tbody>${tests.slice(0, MOST).map(row)}</tbody></table>
${moreThan(MOST, tests.length, speaker)}`;
}

const takenAt: Cell<Tested> = (test, speaker) =>
  html`${test.takenAt === undefined ? "—" : speaker.instant(test.takenAt)}`;

const region: Cell<Tested> = (test) => html`<span class="whole">${test.region}</span>`;

const result: Cell<Tested> = ({ ok }, { say }) =>
  ok
    ? html`<span class="whole good">✓ ${say("proven")}</span>`
    : html`<span class="whole bad">✗ ${say("failed")}</span>`;

const lasted = (seconds: number | undefined, speaker: Speaker): Html =>
  html`${seconds === undefined ? "—" : speaker.duration(seconds)}`;
