import { type Html, html, sign } from "../page/html.ts";
import { span } from "./report-words.ts";
import type { DrillResult, InstanceResult } from "./result.ts";

const COLUMNS = ["RTO", "RPO", "Rows lost", "Fenced after", "Rows found"];

/** The instances of a lost region, one row each; nothing where no region was lost. */
export function regionSection({ instances, pace }: DrillResult): Html {
  if (!instances) return html``;
  return html`<h3>Lost with the region</h3>
<table class="region"><thead><tr><th scope="col">Instance</th>${COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${instances.map((each) => row(each, pace))}</tbody></table>
<p class="soft">Fenced after: from the return of the region. Rows found: what the old primary took between that return and its
fence, and how much of it was found and exported.</p>`;
}

function row(instance: InstanceResult, pace: number): Html {
  const { measured, writes, promised, deadlineSeconds, fencePaidSeconds } = instance;
  const { acknowledged, lost, acknowledgedByOldPrimaryAfterPromotion: late } = writes;
  const rpoLimit = promised.rpoSeconds === null ? null : promised.rpoSeconds / pace;
  const figures = [
    `${span(measured.rtoSeconds)} of ${span(deadlineSeconds)}`,
    `${span(measured.rpoSeconds)} of ${span(rpoLimit)}`,
    `${lost} of ${acknowledged}`,
    span(fencePaidSeconds),
    `${writes.divergentExported ?? 0} of ${late}`,
  ];
  return html`<tr><th scope="row">${sign(instance.ok)} ${instance.instance}</th>${figures.map(
    (figure, index) => html`<td data-name="${COLUMNS[index] ?? ""}">${figure}</td>`,
  )}</tr>`;
}
