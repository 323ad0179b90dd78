import type { OpenMonth } from "../books/open-month.ts";
import { type Html, html } from "../page/html.ts";
import type { Span } from "../sla/books/month.ts";
import type { Speaker } from "./speaker.ts";

/** What every page of a month says. */
export interface Frame extends Pick<OpenMonth, "month" | "timezone" | "evidence"> {
  /** Name of who promised. */
  readonly provider: string;
  /** Of what is settled. */
  readonly span: Span;
  /** In ms, where the span is not over yet: when it was computed. */
  readonly asOfMs?: number;
}

/** Who, what, and when by which clocks. */
export function headOf(
  { provider, timezone, span, asOfMs }: Frame,
  one: { readonly instance: string; readonly plan: string } | undefined,
  { say, range, instant }: Speaker,
): Html {
  const rows = [
    [say("provider"), html`<bdi>${provider}</bdi>`],
    ...(one ? ([[say("instance"), html`${one.instance}`]] as const) : []),
    ...(one ? ([[say("plan"), html`${one.plan}`]] as const) : []),
    [say("period"), html`${range(span)}`],
    [say("timezone"), html`${timezone}`],
  ] as const;
  const open =
    asOfMs === undefined
      ? html``
      : html`<p class="bad">${say("notOver", { at: instant(asOfMs) })}</p>`;
  return html`<dl class="numbers">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${open}`;
}
