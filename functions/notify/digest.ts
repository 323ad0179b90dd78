import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Notice, NoticeKind } from "./contract.ts";
import { gravest } from "./severity.ts";
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

/** A mail holds 256 KB; nobody reads the two hundred and first either. */
const NOTICES_IN_FULL = 200;

export function textOf({ notices }: Digest, fleet: Fleet): string {
  const told = notices
    .slice(0, NOTICES_IN_FULL)
    .map((notice) =>
      [`${notice.instance}: ${TITLES[notice.kind]} (${notice.at})`, ...notice.lines].join("\n  "),
    );
  const rest = notices.slice(NOTICES_IN_FULL).map(({ instance }) => instance);
  return [
    ...told,
    ...(rest.length > 0 ? [`And ${rest.length} more: ${rest.join(", ")}`] : []),
    `-- \n${fleet.provider.name} hosting SLA. Incidents: ${incidentsOf(notices)}`,
  ].join("\n\n");
}

const incidentsOf = (notices: readonly Notice[]) =>
  [...new Set(notices.map(({ incident }) => incident))].slice(0, 10).join(", ");
