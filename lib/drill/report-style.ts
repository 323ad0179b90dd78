/** Light and dark, phone and paper; contrast of text at least 4.5:1. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --tint: #f3f5f8; --line: #d0d7de;
  --good: #116329; --bad: #a40e26; --work: #0a5cc2; --wait: #8c98a6; --edge: #6b7683; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa5b1; --paper: #0d1117; --tint: #161b22; --line: #30363d;
    --good: #56d364; --bad: #ff7b72; --work: #58a6ff; --wait: #6e7985; --edge: #8b96a2; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  -webkit-text-size-adjust: 100%; }
main { max-width: 58rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
h1 { margin: 0.5rem 0 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 0.6rem; padding-top: 0.8rem; border-top: 3px solid var(--line); font-size: 1.3rem; line-height: 1.3; }
h3 { margin: 1.6rem 0 0.4rem; font-size: 1.05rem; }
p { margin: 0.3rem 0; max-width: 52rem; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
a { color: var(--work); }
.story { margin: 0.8rem 0; padding: 0.7rem 1rem; background: var(--tint); border-left: 5px solid var(--line); }
.story.good { border-color: var(--good); } .story.bad { border-color: var(--bad); }
.story dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0; }
.story dt { font-weight: 600; color: var(--ink); } .story dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 2rem; }
.figure h3 { margin: 0.6rem 0 0; } .figure strong { font-size: 1.6rem; margin-left: 0.3rem; }
.figure p { color: var(--soft); }
.bar { display: block; margin: 0.3rem 0; }
.room { fill: var(--tint); stroke: var(--line); } .limit { fill: var(--ink); }
.kept { fill: var(--good); } .broken { fill: var(--bad); }
.chart { margin: 0.4rem 0; } .chart figcaption { color: var(--soft); font-size: 0.9rem; max-width: 52rem; }
.drawing { display: block; width: 100%; height: auto; overflow: visible; } .drawing text { white-space: pre; }
.narrow { display: none; }
table { width: 100%; margin: 0.6rem 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.8rem 0.25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; } thead th { color: var(--soft); font-weight: 400; }
.times td:nth-child(-n + 3), .aws td:nth-child(2), .aws td:nth-child(3) { white-space: nowrap; }
.numbers { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 1rem 0 0; }
.numbers dt { color: var(--soft); } .numbers dd { margin: 0; overflow-wrap: anywhere; }
.rows { margin: 0; padding: 0; list-style: none; font-variant-numeric: tabular-nums; }
.rows li { display: grid; gap: 0 0.8rem; padding: 0.22rem 0; border-bottom: 1px solid var(--line); }
.rows span { overflow-wrap: anywhere; min-width: 0; }
.checks li { grid-template-columns: 1.2rem 3fr 2fr; }
.timeline li { grid-template-columns: 5rem 5.5rem 1fr; } .timeline span:first-child { text-align: right; }
.timeline .fault { color: var(--bad); font-weight: 600; } .timeline .service { color: var(--good); font-weight: 600; }
.mails li { grid-template-columns: 5rem 14rem 1fr; } .mails span:first-child { text-align: right; }
.bundles li { grid-template-columns: 1.2rem 19rem 1fr; } .runs li { grid-template-columns: 1.2rem 2fr 1fr 1fr; }
code, .hash { font-family: ui-monospace, monospace; font-size: 0.85em; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; }
  .story dl { grid-template-columns: 1fr; gap: 0; } .story dd { margin-bottom: 0.5rem; }
  .timeline li, .mails li { grid-template-columns: 4.4rem 1fr; }
  .timeline li span:nth-child(2) { color: var(--soft); } .timeline li span:nth-child(3), .mails li span:nth-child(3) { grid-column: 2; }
  .checks li, .bundles li, .runs li { grid-template-columns: 1.2rem 1fr; }
  .checks li span:nth-child(3), .bundles li span:nth-child(3), .runs li span:nth-child(n + 3) { grid-column: 2; color: var(--soft); }
  .numbers { grid-template-columns: 1fr; } .numbers dd { margin-bottom: 0.4rem; }
  .wide { display: none; } .narrow { display: block; }
  th, td { padding-right: 0.5rem; font-size: 0.9rem; }
  .aws thead { position: absolute; clip-path: inset(50%); } .aws tr { display: block; padding: 0.3rem 0; border-bottom: 1px solid var(--line); }
  .aws td, .aws th { display: inline; border: 0; } .aws td:nth-child(2)::before { content: "here "; } .aws td:nth-child(3)::before { content: "on AWS "; }
  .region thead { position: absolute; clip-path: inset(50%); } .region th, .region td { display: block; }
  .region td { display: flex; justify-content: space-between; gap: 1rem; border: 0; }
  .region td::before { content: attr(data-name); color: var(--soft); }
  .aws td:first-child, .aws th, .aws td:last-child { display: block; } .aws td:last-child { color: var(--soft); }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --tint: #f3f5f8; --line: #bbb;
    --good: #116329; --bad: #a40e26; --work: #0a5cc2; --wait: #8c98a6; --edge: #6b7683; }
  @page { margin: 14mm; }
  html { font-size: 10.5px; } main { max-width: none; padding: 0; }
  article + article { break-before: page; } h2, h3 { break-after: avoid; } li, .figure, .story { break-inside: avoid; }
  svg, .story { print-color-adjust: exact; }
}
`;
