import { type Html, html } from "../page/html.ts";
import { span } from "./report-words.ts";

/** A measured figure against what is allowed, both in real seconds. */
export interface Against {
  readonly label: string;
  readonly measured: number | null;
  readonly allowed: number | null;
  /** As sold, undivided. */
  readonly sold: number | null;
  readonly pace: number;
}

/** A bar that is full where the promise ends; what goes past it is drawn past it. */
export function promiseBar({ label, measured, allowed, sold, pace }: Against): Html {
  if (allowed === null || allowed <= 0) {
    return html`<div class="figure"><h3>${label}</h3><p>${span(measured)}; the plan promises none.</p></div>`;
  }
  const scale = Math.max(allowed, measured ?? 0);
  const kept = measured !== null && measured < allowed;
  const divided = pace === 1 ? "" : `, ${span(allowed)} at pace ${pace}`;
  const margin = measured === null ? "never reached" : marginOf(measured, allowed);
  return html`<div class="figure">
<h3>${label} <strong class="${kept ? "good" : "bad"}">${span(measured)}</strong></h3>
<p>promised ${span(sold)}${divided} · ${margin}</p>
<svg class="bar" width="100%" height="22" role="img" aria-label="${label}: ${margin}">
<rect class="room" width="${percent(allowed, scale)}" height="22"/>
<rect class="${kept ? "kept" : "broken"}" y="4" width="${percent(measured ?? scale, scale)}" height="14"/>
<rect class="limit" x="${percent(Math.max(allowed - scale * 0.004, 0), scale)}" width="0.4%" height="22"/>
</svg>
</div>`;
}

function marginOf(measured: number, allowed: number): string {
  const share = Math.round((measured / allowed) * 100);
  return measured < allowed
    ? `${span(allowed - measured)} to spare, ${share} % used`
    : `${span(measured - allowed)} too late`;
}

const percent = (value: number, scale: number) => `${+((value / scale) * 100).toFixed(2)}%`;
