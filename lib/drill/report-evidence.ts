import { breakable, type Html, html, sign } from "../page/html.ts";
import { offset } from "./report-words.ts";
import type { BundleProof, DrillResult } from "./result.ts";

/** Mails, what was real and what was not, and the hashes of the code that ran. */
export function evidence(result: DrillResult): Html {
  return html`${mails(result)}
<h3>What was real, what was not</h3>
<p><b>Real:</b> PostgreSQL servers, their replication and promotion; DNS answers and their TTL; HTTPS probes over
TCP; clocks; the functions and state machines of <code>cdk.out</code>, unchanged${deployedWords(result)}.</p>
<p><b>Not real:</b> AWS itself. Configured waits, cadence, TTL and time-outs were divided by ${result.pace}, with
floors; what a role may do was judged by the templates as we read IAM, not by AWS; regions share one machine, so there is no distance between them; a promotion takes
RDS 3 to 12 minutes and took a fraction of a second here. Mails went into files.</p>
<h3>The code that ran</h3>
<p class="soft">SHA-256 of each bundle as loaded, against the file in <code>cdk.out</code>.</p>
<ul class="rows bundles">${grouped(result.bundles).map(
    ({ name, regions, sha256, equal }) =>
      html`<li>${sign(equal)}<span>${name} <span class="soft">in ${regions}</span></span><span class="hash">${sha256}</span></li>`,
  )}</ul>`;
}

const deployedWords = ({ deployment }: DrillResult) =>
  deployment === undefined
    ? ""
    : `, bootstrapped and deployed by ${deployment.by} through the API of CloudFormation`;

function mails({ mails: sent, timeline }: DrillResult): Html {
  if (sent.length === 0) return html`<h3>Mails</h3><p>None.</p>`;
  const zero = Date.parse((timeline.find(({ step }) => step === "fault") ?? sent[0])?.at ?? "");
  return html`<h3>Mails</h3>
<ul class="rows mails">${sent.map(
    ({ at, to, subject }) =>
      html`<li><span>${offset(Date.parse(at) - zero)}</span><span>${breakable(to)}</span><span>${subject}</span></li>`,
  )}</ul>`;
}

/** One row per function and hash: the same bundle runs in many regions. */
function grouped(bundles: readonly BundleProof[]) {
  const keyOf = ({ function: name, sha256, equal }: BundleProof) =>
    `${name.split("/").at(-1)} ${sha256} ${equal}`;
  return [...Map.groupBy(bundles, keyOf).values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const { function: name, sha256, equal } = first;
    const regions = rest.length === 0 ? "1 region" : `${rest.length + 1} regions`;
    return [{ name: name.split("/").at(-1) ?? name, regions, sha256, equal }];
  });
}
