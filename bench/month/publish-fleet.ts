// `node publish-fleet.ts DIR COUNT`: publishes October 2026 of so many instances from a ledger in DIR, as `sla-report` does,
// and prints how long that took and the most memory it had.
import { performance } from "node:perf_hooks";
import { sha256 } from "../../functions/report/sha256.ts";
import { monthRecord } from "../../lib/books/month-record.ts";
import { monthReport } from "../../lib/books/month-report.ts";
import { fleetOf } from "../../lib/cli/fleet-of.ts";
import { copiesIn } from "../../lib/operator/ledger-directory.ts";
import { editionOf } from "../../lib/report/edition.ts";
import { monthSpan } from "../../lib/sla/books/month.ts";
import { idsOf } from "./sealed-fleet.ts";

export interface PublishedFleet {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly documents: number;
  readonly megabytes: number;
}

const [directory = "", count = ""] = process.argv.slice(2);
const [month, timezone] = ["2026-10", "Europe/Zurich"];
const fleet = fleetOf("examples/fleet.yaml");
const [model] = fleet.instances;
if (!model) throw new Error("the example has no instance");
const instances = idsOf(Number(count)).map((id) => ({ ...model, id }));
const shelves = copiesIn(directory).ledgers.map(({ shelf }) => shelf);
const span = monthSpan(month, timezone);
const wish = { month, timezone, span, endMs: span.toMs, instances, now: () => span.toMs + 1e8 };

const began = performance.now();
const settled = await monthReport(wish, fleet, shelves);
const record = await monthRecord(settled, wish, fleet, shelves);
let [documents, bytes] = [0, 0];
const { documents: all, mails } = editionOf(record, { ...wish, sha256 }, fleet);
for (const { text } of all) {
  documents += 1;
  bytes += Buffer.byteLength(text);
}
for (const { text, html } of mails) bytes += Buffer.byteLength(text) + Buffer.byteLength(html);
const found: PublishedFleet = {
  seconds: (performance.now() - began) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  documents,
  megabytes: bytes / 1e6,
};
console.log(JSON.stringify(found));
