import { PAGE_STYLE } from "../page/style.ts";

/** What only reports of a month have. */
export const MONTH_STYLE = `${PAGE_STYLE}
:root { --calm: #cfe8d5; --hold: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --calm: #1d4429; --hold: #79b8ff; } }
header, footer { max-width: 58rem; margin: 0 auto; padding: 1rem 1rem 0; } footer { padding-bottom: 3rem; color: var(--soft); }
main { padding-top: 0; padding-bottom: 1rem; }
.verdict { margin: 0.8rem 0; padding: 0.7rem 1rem; background: var(--tint); border-left: 5px solid var(--edge); color: var(--ink); font-size: 1.1rem; }
.verdict.good { border-color: var(--good); } .verdict.bad, .verdict.open { border-color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.8rem 2rem; margin: 1rem 0; }
.figures dt { color: var(--soft); } .figures dd { margin: 0; font-size: 1.25rem; overflow-wrap: anywhere; }
.figures small { display: block; color: var(--soft); font-size: 0.85rem; }
.stacked tbody th { white-space: normal; } .zero { color: var(--soft); } .open { color: var(--bad); }
.amount { text-align: right; white-space: nowrap; } .whole { white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0.5rem 0; padding: 0; list-style: none; }
.legend svg { vertical-align: -0.15em; margin-right: 0.4rem; }
.story { margin: 0.8rem 0 0; padding: 0; list-style: none; }
.story li { display: grid; grid-template-columns: 16rem 1fr; gap: 0 0.8rem; padding: 0.2rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.steps { font-size: 0.9rem; color: var(--soft); }
.keys { margin: 0.2rem 0; padding-left: 1.2rem; }
@media (max-width: 40rem) {
  .story li { grid-template-columns: 1fr; } .story li span:first-child { color: var(--soft); }
  .stacked thead { position: absolute; clip-path: inset(50%); }
  .stacked tr { display: block; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
  .stacked th, .stacked td { display: block; border: 0; padding: 0.05rem 0; text-align: left; white-space: normal; }
  .stacked td { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.6rem; }
  .stacked td::before { content: attr(data-name); color: var(--soft); }
  .stacked .zero { display: none; }
  .figures { grid-template-columns: 1fr 1fr; gap: 0.6rem 1rem; }
}
@media print {
  :root { --calm: #cfe8d5; --hold: #1f5fa8; }
  header, footer { max-width: none; padding: 0; }
  .figures dd { font-size: 1.1rem; } tr, .verdict, .figures div, .chart { break-inside: avoid; }
  .verdict { print-color-adjust: exact; } .narrow { display: none; } .wide { display: block; }
}
`;
