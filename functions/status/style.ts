import { PAGE_STYLE } from "../../lib/page/style.ts";

/** What status pages look like: one stylesheet for all of them. */
export const STATUS_STYLE = `${PAGE_STYLE}
header, footer { max-width: 58rem; margin: 0 auto; padding: 1rem 1rem 0; } footer { padding-bottom: 2rem; }
main { padding-top: 0; padding-bottom: 0; } h1 { overflow-wrap: anywhere; }
.now { margin: 0.8rem 0; padding: 0.7rem 1rem; border: 2px solid currentColor; border-radius: 0.5rem; font-size: 1.15rem; font-weight: 600; }
.mark { display: inline-block; width: 1.4em; font-weight: 700; }
.things { margin: 0; padding: 0; list-style: none; }
.things > li { padding: 0.2rem 0 0.9rem; border-bottom: 1px solid var(--line); }
.things h3 { margin: 0.7rem 0 0; overflow-wrap: anywhere; }
table { table-layout: fixed; } th { white-space: normal; }
.days { display: block; width: 100%; height: 2.5rem; margin: 0.4rem 0 0; }
.days .up { fill: var(--good); } .days .down { fill: var(--bad); stroke: var(--paper); stroke-width: 1; } .days .unseen { fill: var(--edge); }
.ends, .now { max-width: none; } .ends { display: flex; justify-content: space-between; margin: 0; color: var(--soft); font-size: 0.85rem; }
details { margin: 0.2rem 0; } summary { color: var(--work); cursor: pointer; padding: 0.3rem 0; }
:focus-visible { outline: 3px solid var(--work); outline-offset: 2px; }
.past { padding-left: 1.2rem; } .past li { margin: 0.35rem 0; overflow-wrap: anywhere; }
.feeds { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0.4rem 0; padding: 0; list-style: none; }
.feeds a { display: inline-block; padding: 0.25rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0.2rem 0; padding: 0; list-style: none; color: var(--soft); font-size: 0.9rem; }
.legend svg { display: inline-block; margin: 0; width: 0.6rem; height: 1.1rem; vertical-align: text-bottom; }
@media print { footer { display: none; } }
`;
