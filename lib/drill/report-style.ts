import { PAGE_STYLE } from "../page/style.ts";

/** What only the report of a drill has. */
export const REPORT_STYLE = `${PAGE_STYLE}
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
.times td:nth-child(-n + 3), .aws td:nth-child(2), .aws td:nth-child(3) { white-space: nowrap; }
.checks li { grid-template-columns: 1.2rem 3fr 2fr; }
.timeline li { grid-template-columns: 5rem 5.5rem 1fr; } .timeline span:first-child { text-align: right; }
.timeline .fault { color: var(--bad); font-weight: 600; } .timeline .service { color: var(--good); font-weight: 600; }
.mails li { grid-template-columns: 5rem 14rem 1fr; } .mails span:first-child { text-align: right; }
.bundles li { grid-template-columns: 1.2rem 19rem 1fr; } .runs li { grid-template-columns: 1.2rem 2fr 1fr 1fr; }
@media (max-width: 40rem) {
  .story dl { grid-template-columns: 1fr; gap: 0; } .story dd { margin-bottom: 0.5rem; }
  .timeline li, .mails li { grid-template-columns: 4.4rem 1fr; }
  .timeline li span:nth-child(2) { color: var(--soft); } .timeline li span:nth-child(3), .mails li span:nth-child(3) { grid-column: 2; }
  .checks li, .bundles li, .runs li { grid-template-columns: 1.2rem 1fr; }
  .checks li span:nth-child(3), .bundles li span:nth-child(3), .runs li span:nth-child(n + 3) { grid-column: 2; color: var(--soft); }
  .aws thead { position: absolute; clip-path: inset(50%); } .aws tr { display: block; padding: 0.3rem 0; border-bottom: 1px solid var(--line); }
  .aws td, .aws th { display: inline; border: 0; } .aws td:nth-child(2)::before { content: "here "; } .aws td:nth-child(3)::before { content: "on AWS "; }
  .region thead { position: absolute; clip-path: inset(50%); } .region th, .region td { display: block; }
  .region td { display: flex; justify-content: space-between; gap: 1rem; border: 0; }
  .region td::before { content: attr(data-name); color: var(--soft); }
  .aws td:first-child, .aws th, .aws td:last-child { display: block; } .aws td:last-child { color: var(--soft); }
}
@media print {
  article + article { break-before: page; } .figure, .story { break-inside: avoid; } .story { print-color-adjust: exact; }
}
`;
