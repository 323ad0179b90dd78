import { createHash } from "node:crypto";
import { join } from "node:path";
import type { MonthRecord } from "../operator/month-record.ts";
import { planOf, type ReportWish } from "../operator/month-report.ts";
import { monthRecordText } from "../operator/month-report-json.ts";
import { fleetPage } from "../report/fleet-page.ts";
import { instancePage } from "../report/instance-page.ts";
import { speakerOf } from "../report/speaker.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { type Language, languageOf } from "../sla/language.ts";
import { notMeasured } from "../sla/promises-kept.ts";
import { UserError } from "./user-error.ts";
import { makeDirectory, writePage } from "./write-page.ts";

interface PageFlags {
  readonly html: string;
  readonly instance?: string;
  readonly language?: Language;
  readonly began?: string;
  readonly ended?: string;
}

/** A file of the one instance, or a directory with `index.html` and a page for each. Throws UserError. */
export function writeReport(
  record: MonthRecord,
  wish: ReportWish,
  fleet: Fleet,
  flags: PageFlags,
): void {
  const isOne = flags.instance !== undefined;
  if (!isOne && wish.instances.some(({ id }) => id === INDEX)) {
    throw new UserError(
      `--html: the page of '${INDEX}' would be that of the fleet: use --instance`,
    );
  }
  if (!isOne) makeDirectory(flags.html);
  for (const { id, page } of pagesOf(record, wish, fleet, flags)) {
    writePage(isOne ? flags.html : join(flags.html, `${id}.html`), page);
  }
}

const INDEX = "index";

/** One after the other: of a large fleet they are more than should be held at once. */
function* pagesOf(record: MonthRecord, wish: ReportWish, fleet: Fleet, flags: PageFlags) {
  const { span, timezone, instances, now } = wish;
  const nowMs = now();
  const isOver = span.toMs <= nowMs;
  const provider = fleet.provider.name;
  const frame = { ...record, provider, span, ...(!isOver && { asOfMs: nowMs }) };
  const speak = (instance?: Instance) =>
    speakerOf(flags.language ?? languageOf(fleet.provider, instance), timezone, span);
  for (const instance of instances) {
    const { id } = instance;
    const settled = record.instances.find((each) => each.instance === id);
    if (!settled) continue;
    const proof = proofOf({ ...record, instances: [settled] }, commandOf(flags, record, id));
    const unmeasured = notMeasured(planOf(instance, fleet));
    yield { id, page: instancePage({ ...frame, settled, unmeasured, proof }, speak(instance)) };
  }
  if (flags.instance !== undefined) return;
  const proof = proofOf(record, commandOf(flags, record));
  yield { id: INDEX, page: fleetPage({ ...frame, proof }, speak()) };
}

/** Of what the command prints, the end of its line included. */
const proofOf = (record: MonthRecord, command: string) => ({
  command,
  sha256: createHash("sha256")
    .update(`${monthRecordText(record)}\n`)
    .digest("hex"),
});

function commandOf({ began, ended }: PageFlags, { month }: MonthRecord, id?: string): string {
  const parts = [
    ...[`sla report --month ${month}`],
    ...(id === undefined ? [] : [`--instance ${id}`]),
    ...(began === undefined ? [] : [`--began ${began}`]),
    ...(ended === undefined ? [] : [`--ended ${ended}`]),
  ];
  return `${parts.join(" ")} --json | sha256sum`;
}
