import { breakable, type Html, html } from "../page/html.ts";
import type { Amount, Kept, PromiseKept } from "../sla/kept.ts";
import type { notMeasured } from "../sla/promises-kept.ts";
import type { Speaker } from "./speaker.ts";
import { MARKS, type Tone } from "./verdict.ts";
import type { PlainKey } from "./words/catalogue.ts";

const NAMES: Readonly<Record<PromiseKept["promise"], PlainKey>> = {
  availability: "availability",
  rtoServer: "promiseRtoServer",
  rpoServer: "promiseRpoServer",
  rtoSite: "promiseRtoSite",
  rpoSite: "promiseRpoSite",
  dailyBackups: "promiseDailyBackups",
  rotation: "promiseRotation",
  instanceVersions: "promiseInstanceVersions",
  copies: "promiseCopies",
  frozen: "promiseFrozen",
  restoreTests: "promiseRestoreTests",
  imageTests: "promiseImageTests",
  encryption: "promiseEncryption",
  replies: "promiseReplies",
};

const RESULTS: Readonly<Record<Kept, readonly [Tone, PlainKey]>> = {
  kept: ["good", "kept"],
  broken: ["bad", "broken"],
  "not-shown": ["open", "notShown"],
  "no-case": ["soft", "noCase"],
};

type Unmeasured = ReturnType<typeof notMeasured>[number];

const SOLD: Readonly<Record<Unmeasured, PlainKey>> = {
  liveCopy: "soldLiveCopy",
  residency: "soldResidency",
  retention: "soldRetention",
  downloads: "soldDownloads",
  encryption: "soldEncryption",
  isolation: "soldIsolation",
  maintenance: "soldMaintenance",
  support: "soldSupport",
  leaving: "soldLeaving",
};

const CLAUSES: Readonly<Record<NonNullable<PromiseKept["clauses"]>[number], PlainKey>> = {
  days: "clauseDays",
  weeks: "clauseWeeks",
  months: "clauseMonths",
  count: "clauseCount",
  age: "clauseAge",
};

/** More keys than these are in the JSON. */
const KEYS = 3;

/** Everything that was sold: measured in one table, the rest in a sentence. */
export function promisesOf(
  promises: readonly PromiseKept[],
  unmeasured: readonly Unmeasured[],
  speaker: Speaker,
): Html {
  const { say } = speaker;
  const columns = ["promise", "promised", "measured", "result", "evidence"] as const;
  return html`<table class="stacked">
<thead><tr>${columns.map((column) => html`<th scope="col">${say(column)}</th>`)}</tr></thead>
<tbody>${promises.map((each) => rowOf(each, speaker))}</tbody></table>
${unmeasured.length === 0 ? html`` : html`<p>${say("alsoPromised", { list: speaker.list(unmeasured.map((each) => say(SOLD[each]))) })}</p>`}`;
}

function rowOf(kept: PromiseKept, speaker: Speaker): Html {
  const { say } = speaker;
  const { promise, sold, measured, status, isProvisional, isExercised, clauses, evidence } = kept;
  const [tone, words] = RESULTS[status];
  const found = measured === null ? "—" : amountWords(measured, speaker);
  const remarks = [
    ...(isProvisional ? [say("provisional")] : []),
    ...(isExercised ? [say("exercised")] : []),
    ...(clauses
      ? [say("missing", { list: speaker.list(clauses.map((each) => say(CLAUSES[each]))) })]
      : []),
  ].map((remark) => html`<br><span class="soft">${remark}</span>`);
  const keys = evidence.slice(0, KEYS).map((key) => html`<code>${breakable(key)}</code>`);
  const more = evidence.length > KEYS ? say("more", { n: evidence.length - KEYS }) : "";
  return html`<tr><th scope="row">${say(NAMES[promise])}</th>
<td data-name="${say("promised")}">${promisedWords(kept, sold, speaker)}</td>
<td data-name="${say("measured")}"><span>${found}${remarks}</span></td>
<td data-name="${say("result")}"><span class="whole ${tone}">${MARKS[tone]} ${say(words)}</span></td>
<td data-name="${say("evidence")}"><span>${keys.length === 0 ? "—" : keys} ${more}</span></td></tr>`;
}

const PROVEN: ReadonlySet<PromiseKept["promise"]> = new Set(["restoreTests", "imageTests"]);

/** The newest restore, or start of a machine, that was proven has an age that was sold, and an instant that was measured. */
function promisedWords({ promise }: PromiseKept, sold: Amount, speaker: Speaker): string {
  const words = amountWords(sold, speaker);
  return PROVEN.has(promise) ? speaker.say("oldAtMost", { age: words }) : words;
}

function amountWords(amount: Amount, speaker: Speaker): string {
  switch (amount.unit) {
    case "percent":
      return speaker.percent(amount.text);
    case "seconds":
      return speaker.duration(amount.seconds);
    case "period":
      return speaker.period(amount.period);
    case "days":
      return speaker.say("daysOf", { days: amount.days, n: amount.of });
    case "places":
    case "copies":
    case "versions":
      return speaker.say(amount.unit, { n: amount.count });
    case "backups":
      return speaker.say("backupCount", { n: amount.count });
    case "replies":
      return speaker.say("repliesOf", { inTime: amount.inTime, n: amount.of });
    case "tls":
      return amount.days === undefined
        ? amount.text
        : speaker.say("tlsFor", { text: amount.text, n: amount.days });
    case "instant":
      return speaker.instant(amount.at);
    default:
      return amount satisfies never;
  }
}
