// `node --expose-gc publish-fleet.ts DIR COUNT`: publishes October 2026 of so many instances from a ledger in DIR, as `sla-report`
// does, and prints the processor time that took and its memory.
import { streamInLanes } from "../../functions/kernel/lanes.ts";
import { partsOf } from "../../functions/kernel/packed-text.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import { AHEAD } from "../../lib/books/month-report.ts";
import { openMonth } from "../../lib/books/open-month.ts";
import { fleetOf } from "../../lib/cli/fleet-of.ts";
import { copiesIn } from "../../lib/operator/ledger-directory.ts";
import { editionOf } from "../../lib/report/edition.ts";
import { monthSpan } from "../../lib/sla/books/month.ts";
import { idsOf } from "./sealed-fleet.ts";

export interface PublishedFleet {
  /** Of the processor. */
  readonly seconds: number;
  /** Of the whole process, at any time. */
  readonly peakMegabytes: number;
  /** What is held of all instances when most are published; what was read of them is let go of with the last. */
  readonly heldMegabytes: number;
  readonly documents: number;
  readonly megabytes: number;
}

const [directory = "", count = ""] = process.argv.slice(2);
const month = "2026-10";
const fleet = fleetOf("examples/fleet.yaml");
const [model] = fleet.instances;
if (!model) throw new Error("the example has no instance");
const instances = idsOf(Number(count)).map((id) => ({ ...model, id }));
/** Before the last of them is begun. */
const late = instances.at(-2 * AHEAD)?.id;
const shelves = copiesIn(directory).ledgers.map(({ shelf }) => shelf);
const { toMs } = monthSpan(month, fleet.provider.timezone);
const wish = { month, instances, now: () => toMs + 1e8 };

/** Buffers are let go of by a second collection. Nothing else may go on meanwhile. */
function held(): number {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

const atFirst = held();
let heldMegabytes = 0;
const before = process.cpuUsage();
let [documents, bytes] = [0, 0];
const open = await openMonth(wish, fleet, shelves);
const { documents: all, mails } = editionOf(open, { sha256 }, fleet);
await streamInLanes(16, all, async ({ name, form, text }) => {
  documents += 1;
  if (name === late && form === "html") heldMegabytes = held() - atFirst;
  for (const part of partsOf(text)) bytes += Buffer.byteLength(part);
});
for (const { text, html } of mails) bytes += Buffer.byteLength(text) + Buffer.byteLength(html);
const { user, system } = process.cpuUsage(before);
const found: PublishedFleet = {
  seconds: (user + system) / 1e6,
  heldMegabytes,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  documents,
  megabytes: bytes / 1e6,
};
console.log(JSON.stringify(found));
