/** What our pages look like: light and dark, phone and paper; contrast of text at least 4.5:1. */
export const PAGE_STYLE = `
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
.chart { margin: 0.4rem 0; } .chart figcaption { color: var(--soft); font-size: 0.9rem; max-width: 52rem; }
.drawing { display: block; width: 100%; height: auto; overflow: visible; } .drawing text { white-space: pre; }
.narrow { display: none; }
table { width: 100%; margin: 0.6rem 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.8rem 0.25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; } thead th { color: var(--soft); font-weight: 400; }
.numbers { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 1rem 0 0; }
.numbers dt { color: var(--soft); } .numbers dd { margin: 0; overflow-wrap: anywhere; }
.rows { margin: 0; padding: 0; list-style: none; font-variant-numeric: tabular-nums; }
.rows li { display: grid; gap: 0 0.8rem; padding: 0.22rem 0; border-bottom: 1px solid var(--line); }
.rows span { overflow-wrap: anywhere; min-width: 0; }
code, .hash { font-family: ui-monospace, monospace; font-size: 0.85em; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; }
  .numbers { grid-template-columns: 1fr; } .numbers dd { margin-bottom: 0.4rem; }
  .wide { display: none; } .narrow { display: block; }
  th, td { padding-right: 0.5rem; font-size: 0.9rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --tint: #f3f5f8; --line: #bbb;
    --good: #116329; --bad: #a40e26; --work: #0a5cc2; --wait: #8c98a6; --edge: #6b7683; }
  @page { margin: 14mm; }
  html { font-size: 10.5px; } main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; } li { break-inside: avoid; } svg { print-color-adjust: exact; }
}
`;
