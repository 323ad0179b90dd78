import type { Fleet } from "../../lib/sla/fleet.ts";
import type { NoticeKind } from "../../lib/sla/notices.ts";
import { gravest, gravityOf } from "../../lib/sla/severity.ts";
import type { Notice } from "./contract.ts";

import { TITLES } from "./titles.ts";

/** One mail: all that one recipient has to hear of one request. */
export interface Digest {
  readonly recipient: string;
  readonly notices: readonly Notice[];
}

/** Of a region incident the provider has had one mail; these say for one instance what that one says for all. */
const PART_OF_A_WHOLE: ReadonlySet<NoticeKind> = new Set([
  "incident-opened",
  "failover-started",
  "failover-done",
  "redundancy-degraded",
  "reprotect-done",
  "records-debt-paid",
  "incident-closed",
]);

/** Nothing that a customer could do anything about. */
const FOR_THE_PROVIDER: ReadonlySet<NoticeKind> = new Set([
  "backups-troubled",
  "backups-well",
  "recovery-unprepared",
  "recovery-prepared",
  "fence-unsound",
  "account-drifted",
  "account-exposed",
  "account-mended",
  "rows-unreadable",
  "reply-due",
  "reply-missed",
]);

/** What one mail to the provider says for all of a lost region. */
export const isPart = ({ within, kind }: Notice) =>
  within !== undefined && PART_OF_A_WHOLE.has(kind);

/** The provider hears of everything, of a lost region once; an instance's contacts of their instance. */
export function digestsOf(notices: readonly Notice[], fleet: Fleet): Digest[] {
  const contacts = new Map(fleet.instances.map(({ id, contacts: own }) => [id, own]));
  const recipientsOf = (notice: Notice) =>
    notice.to !== undefined
      ? [notice.to]
      : [
          ...(isPart(notice) ? [] : [fleet.provider.contact]),
          ...(FOR_THE_PROVIDER.has(notice.kind) ? [] : (contacts.get(notice.instance) ?? [])),
        ];
  const addressed = notices.flatMap((notice) =>
    [...new Set(recipientsOf(notice))].map((recipient) => ({ recipient, notice })),
  );
  return [...Map.groupBy(addressed, ({ recipient }) => recipient)].map(([recipient, items]) => ({
    recipient,
    notices: items.map(({ notice }) => notice),
  }));
}

/** SNS refuses longer subjects, and any that are not printable ASCII. */
const SUBJECT_LIMIT = 100;

/** `[sla] info: acme: failover done`, `[sla] critical: acme and 11 more: incident opened`. */
export function subjectOf({ notices }: Digest): string {
  const instances = [...new Set(notices.map(({ instance }) => instance))];
  const titles = [...new Set(notices.map(({ kind }) => TITLES[kind]))];
  const who =
    instances.length > 1 ? `${instances[0]} and ${instances.length - 1} more` : instances[0];
  const subject = `[sla] ${gravest(notices)}: ${who}: ${titles.join(", ")}`.replace(
    /[^\x20-\x7e]/g,
    "?",
  );
  return subject.length > SUBJECT_LIMIT ? `${subject.slice(0, SUBJECT_LIMIT - 3)}...` : subject;
}

/** Nobody reads the two hundred and first. */
const NOTICES_IN_FULL = 200;
/** SNS carries 256 KB, subject and attributes among them. */
const BYTES_IN_FULL = 190_000;
const BYTES_OF_NAMES = 50_000;

/** The gravest first: what has no room is named, what has not even that is counted. */
export function textOf({ notices }: Digest, fleet: Fleet): string {
  const gravestFirst = notices.toSorted((one, other) => gravityOf(other) - gravityOf(one));
  const told = fitting(gravestFirst.slice(0, NOTICES_IN_FULL).map(paragraphOf), BYTES_IN_FULL);
  const rest = gravestFirst.slice(told.length).map(({ instance }) => instance);
  return [
    ...told,
    ...(rest.length > 0 ? [`And ${rest.length} more: ${named(rest)}`] : []),
    `-- \n${fleet.provider.name} hosting SLA. Incidents: ${incidentsOf(notices)}`,
  ].join("\n\n");
}

const paragraphOf = ({ instance, kind, at, lines }: Notice) =>
  [`${instance}: ${TITLES[kind]} (${at})`, ...lines].join("\n  ");

function named(instances: readonly string[]): string {
  const names = fitting(instances, BYTES_OF_NAMES);
  const left = instances.length - names.length;
  return [names.join(", "), ...(left > 0 ? [`${left} more that have no room here`] : [])].join(
    "; ",
  );
}

/** As many from the beginning as so many bytes hold, with two bytes between them. */
function fitting(texts: readonly string[], most: number): readonly string[] {
  let bytes = 0;
  const end = texts.findIndex((text) => {
    bytes += Buffer.byteLength(text) + 2;
    return bytes > most;
  });
  return end < 0 ? texts : texts.slice(0, end);
}

const incidentsOf = (notices: readonly Notice[]) =>
  [...new Set(notices.map(({ incident }) => incident))].slice(0, 10).join(", ");
