import type { MonthEvidence } from "../books/seen-minutes.ts";
import { breakable, type Html, html } from "../page/html.ts";
import type { Speaker } from "./speaker.ts";

/** More keys than these are in the JSON. */
const MOST = 20;

export interface Proof {
  readonly evidence: MonthEvidence;
  /** Of what `--json` prints of the same, in hex. */
  readonly sha256: string;
  /** That prints it. */
  readonly command: string;
}

/** From how many records, which were not counted, and how to come to the same. */
export function evidenceOf(
  { evidence, sha256, command }: Proof,
  unreadable: readonly string[],
  speaker: Speaker,
): Html {
  const { say } = speaker;
  const { rounds, unreadable: torn, misplaced, fromTheFuture } = evidence;
  const skipped = [...torn, ...misplaced, ...fromTheFuture, ...unreadable].toSorted();
  const keys = skipped.slice(0, MOST).map((key) => html`<li><code>${breakable(key)}</code></li>`);
  const more =
    skipped.length > MOST ? html`<li>${say("more", { n: skipped.length - MOST })}</li>` : html``;
  const seals = evidence.seals
    .toSorted((one, other) => (one.site < other.site ? -1 : 1))
    .map(
      ({ site, day, sha256: seal }) =>
        html`<li>${site}, ${speaker.day(day)} <span class="hash">${seal}</span></li>`,
    );
  return html`<p>${say("rounds", { n: rounds })} ${say("rules")}</p>
${skipped.length === 0 ? html`` : html`<p>${say("notCounted", { n: skipped.length })}</p><ul class="keys">${[...keys, more]}</ul>`}
${seals.length === 0 ? html`` : html`<p>${say("seals")}</p><ul class="keys">${seals}</ul>`}
<p>${speaker.label(say("hash"))} <span class="hash">${sha256}</span></p>
<p>${say("recompute")} <code>${command}</code></p>`;
}
