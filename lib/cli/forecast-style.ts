import { PAGE_STYLE } from "../page/style.ts";

/** What only the page about a plan's backups has. */
export const FORECAST_STYLE = `${PAGE_STYLE}
header, footer { max-width: 58rem; margin: 0 auto; padding: 1rem 1rem 0; } footer { padding-bottom: 3rem; color: var(--soft); }
main { padding-top: 0; padding-bottom: 1rem; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.amount { text-align: right; white-space: nowrap; }
.whole { white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0.5rem 0; padding: 0; list-style: none; }
.legend span { display: inline-block; min-width: 1.7rem; margin-right: 0.4rem; text-align: center; }
.months { display: grid; grid-template-columns: repeat(auto-fill, minmax(13.2rem, 1fr)); gap: 0.6rem 1.4rem; }
.month { table-layout: fixed; margin: 0; align-self: start; } .month caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
.month th, .month td { position: relative; padding: 0.1rem 0; border: 0; text-align: center; font-size: 0.85rem; line-height: 1.6; }
.month thead th { font-size: 0.75rem; }
.held { background: var(--good); color: var(--paper); font-weight: 600; border-radius: 2px; outline: 1px solid var(--paper); }
.held sup { position: absolute; top: 0; right: 2px; font-size: 0.6rem; line-height: 1.2; }
.gone { color: var(--soft); } .none { color: var(--soft); font-style: italic; opacity: 1; } .missed { color: var(--bad); font-weight: 600; }
@media (max-width: 40rem) {
  .clauses thead, .places thead { position: absolute; clip-path: inset(50%); }
  .clauses tr, .places tr { display: grid; grid-template-columns: 1.4rem 1fr; padding: 0.3rem 0; border-bottom: 1px solid var(--line); }
  .clauses td, .clauses th { border: 0; padding: 0; } .clauses td:nth-child(n + 3) { grid-column: 2; color: var(--soft); }
  .clauses td[data-name]::before, .places td[data-name]::before { content: attr(data-name) " "; }
  .places tr { grid-template-columns: 1fr auto; } .places th, .places td { border: 0; padding: 0; } .places th { white-space: normal; }
  .places td:nth-child(n + 3) { grid-column: 2; } .places td:nth-child(4) { grid-column: 2; }
  .existing thead { position: absolute; clip-path: inset(50%); }
  .existing tr { display: grid; grid-template-columns: 1fr auto; padding: 0.3rem 0; border-bottom: 1px solid var(--line); }
  .existing th, .existing td { border: 0; padding: 0; } .existing td:nth-child(2)::after { content: " days old"; }
  .existing td:nth-child(3) { grid-column: 1 / 3; color: var(--soft); }
}
@media print {
  .month, tr { break-inside: avoid; } .held { print-color-adjust: exact; }
  .months { grid-template-columns: repeat(4, 1fr); }
}
`;
